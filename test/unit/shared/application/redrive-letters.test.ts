import { describe, expect, it } from 'vitest';
import { createMemoryLetterQueue } from '#shared/adapters/memory-letter-queue.ts';
import { createRedriveLetters, type RedriveRequest } from '#shared/application/redrive-letters.ts';
import { eventOf, parseLetter } from '#shared/config/dead-letter.ts';
import { batchLetter, parkedLetter, pointerLetter, undeliverableLetter } from '#test/fakes/letters.ts';

const START_MS = Date.parse('2026-03-02T14:00:00Z');
const ACCESS_LOGS = 'gatewatch-prod-ingest-access-logs';

type Ports = Parameters<typeof createRedriveLetters>[0];

async function createFixture(bodies: readonly string[], ports: Partial<Ports> = {}) {
  const clock = { nowMs: START_MS };
  const now = () => new Date(clock.nowMs);
  const letters = createMemoryLetterQueue(now);
  const parkedMetrics = createMemoryLetterQueue(now);
  for (const body of bodies) await letters.send(body);
  clock.nowMs += 1_000;
  const invoked: [string, string][] = [];
  const redriveLetters = createRedriveLetters({
    letters,
    parkedMetrics,
    invokeLater: async (arn, payload) => {
      invoked.push([arn, payload]);
    },
    parseLetter,
    eventOf,
    functions: new Map([[ACCESS_LOGS, 'arn:access']]),
    dispatchArn: 'arn:dispatch',
    now,
    ...ports,
  });
  const run = (request: Partial<RedriveRequest> = {}) =>
    redriveLetters({ mode: 'list', reason: null, maxLetters: 100, ...request });
  const outcomes = async (request: Partial<RedriveRequest> = {}) =>
    (await run(request)).handled.map(({ letter, outcome }) => `${letter.kind} ${outcome}`);
  /** What anybody could receive now. */
  const left = async (): Promise<string[]> => {
    const found: string[] = [];
    for (;;) {
      const batch = await letters.receive();
      if (batch.length === 0) return found;
      found.push(...batch.map(({ body }) => body));
    }
  };
  return { clock, letters, parkedMetrics, invoked, run, outcomes, left };
}

const ALL = [batchLetter(), pointerLetter(), parkedLetter(), 'text'];

describe('redriveLetters()', () => {
  it('redriveLetters() lists every letter, changes nothing, and hides none any longer', async () => {
    const { outcomes, invoked, left } = await createFixture(ALL);

    expect(await outcomes()).toEqual(['batch kept', 'pointer kept', 'parked kept', 'unknown kept']);
    expect(invoked).toEqual([]);
    expect(await left()).toEqual(ALL);
  });

  it('redriveLetters() tries again what can be, then deletes it, and leaves the rest', async () => {
    const { outcomes, invoked, parkedMetrics, left } = await createFixture(ALL);

    expect(await outcomes({ mode: 'apply' })).toEqual([
      'batch redriven',
      'pointer kept',
      'parked redriven',
      'unknown kept',
    ]);
    expect(invoked).toEqual([['arn:access', '{"awslogs":{"data":"c2VjcmV0LWxpbmU="}}']]);
    expect((await parkedMetrics.receive()).map(({ body }) => body)).toEqual([parkedLetter()]);
    expect(await left()).toEqual([pointerLetter(), 'text']);
  });

  it('redriveLetters() discards pointers, and nothing else', async () => {
    const { outcomes, left } = await createFixture(ALL);

    expect(await outcomes({ mode: 'discard' })).toContain('pointer discarded');
    expect(await left()).toEqual([batchLetter(), parkedLetter(), 'text']);
  });

  it('redriveLetters() asks dispatch to tell a message again that was refused, then deletes the letter', async () => {
    const { outcomes, invoked, left } = await createFixture([undeliverableLetter()]);

    expect(await outcomes({ mode: 'apply', reason: 'channel_not_found' })).toEqual([
      'undeliverable redriven',
    ]);
    expect(invoked.map(([arn, payload]) => [arn, JSON.parse(payload)])).toEqual([
      [
        'arn:dispatch',
        {
          source: 'gatewatch',
          'detail-type': 'delivery.redriven',
          detail: {
            schemaVersion: 1,
            receiver: 'slack',
            storyKey: 'account|123456789012|us-east-1',
            incidentId: 'account|123456789012|us-east-1|2026-03-02T14:00:00.000Z',
          },
        },
      ],
    ]);
    expect(await left()).toEqual([]);
  });

  it('redriveLetters() keeps the letter of a refused message if Lambda does not take the event', async () => {
    const invokeLater = async () => Promise.reject(new Error('throttled'));
    const { outcomes, left } = await createFixture([undeliverableLetter()], { invokeLater });

    expect(await outcomes({ mode: 'apply' })).toEqual(['undeliverable failed']);
    expect(await left()).toHaveLength(1);
  });

  it('redriveLetters() discards refused messages', async () => {
    const { outcomes, invoked, left } = await createFixture([undeliverableLetter()]);

    expect(await outcomes({ mode: 'discard' })).toEqual(['undeliverable discarded']);
    expect(invoked).toEqual([]);
    expect(await left()).toEqual([]);
  });

  it.each(['apply', 'discard'] as const)('redriveLetters() %s keeps to the reason', async (mode) => {
    const { left, run } = await createFixture([...ALL, batchLetter(ACCESS_LOGS, 'Sandbox.Timedout')]);

    await run({ mode, reason: mode === 'apply' ? 'Sandbox.Timedout' : 'poison-payload' });

    expect(await left()).toHaveLength(mode === 'apply' ? 4 : 5);
  });

  it('redriveLetters() invokes no function that is not the stack’s', async () => {
    const { outcomes, invoked, left } = await createFixture([batchLetter('somebody-elses')]);

    expect(await outcomes({ mode: 'apply' })).toEqual(['batch foreign']);
    expect(invoked).toEqual([]);
    expect(await left()).toHaveLength(1);
  });

  it('redriveLetters() keeps a letter that Lambda did not take, and goes on with the next', async () => {
    let calls = 0;
    const invokeLater = async () => {
      calls += 1;
      if (calls === 1) throw new Error('throttled');
    };
    const { run, left } = await createFixture([batchLetter(), batchLetter()], { invokeLater });

    const { handled, errors } = await run({ mode: 'apply' });

    expect(handled.map(({ outcome }) => outcome)).toEqual(['failed', 'redriven']);
    expect(errors).toEqual([new Error('throttled')]);
    expect(await left()).toHaveLength(1);
  });

  it('redriveLetters() tells what it did although it could not release what it left', async () => {
    const letters = createMemoryLetterQueue(() => new Date(START_MS));
    for (const body of [batchLetter(), pointerLetter(), 'text']) await letters.send(body);
    const released: string[] = [];
    const release: typeof letters.release = async ({ body }) => {
      if (body === 'text') released.push(body);
      else throw new Error('denied');
    };
    const now = () => new Date(START_MS + 1_000);
    const { run } = await createFixture([], { letters: { ...letters, release }, now });

    const { handled, errors } = await run({ mode: 'apply' });

    expect(handled.map(({ outcome }) => outcome)).toEqual(['redriven', 'kept', 'kept']);
    expect([released, errors]).toEqual([['text'], [new Error('denied')]]);
  });

  it('redriveLetters() stops after five failures in a row', async () => {
    const invokeLater = async () => Promise.reject(new Error('outage'));
    const { run, left } = await createFixture(Array(30).fill(batchLetter()), { invokeLater });

    const { handled, isComplete } = await run({ mode: 'apply' });

    expect([handled.length, isComplete]).toEqual([5, false]);
    expect(await left()).toHaveLength(30);
  });

  it('redriveLetters() looks at no more letters than it may, and the next run goes on', async () => {
    const { run, left, invoked } = await createFixture(Array(25).fill(batchLetter()));

    const first = await run({ mode: 'apply', maxLetters: 12 });
    const second = await run({ mode: 'apply', maxLetters: 100 });

    expect([first.handled.length, first.isComplete]).toEqual([12, false]);
    expect([second.handled.length, second.isComplete]).toEqual([13, true]);
    expect(invoked).toHaveLength(25);
    expect(await left()).toEqual([]);
  });

  it('redriveLetters() leaves a letter that came back since it began to the next run', async () => {
    const fixture = await createFixture([batchLetter()], {
      invokeLater: async () => {
        fixture.clock.nowMs += 1_000;
        await fixture.letters.send(batchLetter());
      },
    });

    const { handled } = await fixture.run({ mode: 'apply' });

    expect(handled).toHaveLength(1);
    expect(await fixture.left()).toHaveLength(1);
  });

  it('redriveLetters() releases what it holds when the queue cannot be read any more', async () => {
    const fixture = await createFixture(Array(15).fill(pointerLetter()));
    let receives = 0;
    const { run, left } = await createFixture([], {
      letters: {
        ...fixture.letters,
        receive: async () => {
          receives += 1;
          if (receives === 2) throw new Error('AccessDenied');
          return fixture.letters.receive();
        },
      },
    });

    fixture.clock.nowMs += 1;
    await expect(run()).rejects.toThrow('AccessDenied');

    expect(await fixture.left()).toHaveLength(15);
    expect(await left()).toEqual([]);
  });
});
