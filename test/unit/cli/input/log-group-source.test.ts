import { describe, expect, it } from 'vitest';
import { UsageError } from '#cli/errors.ts';
import { createLogGroupSource } from '#cli/input/log-group-source.ts';
import type { LogGroupEvent, ReadLogEvents } from '#shared/application/ports.ts';
import { createLogGroupStore, createMemoryLogEvents } from '#test/fakes/log-group-store.ts';

const RANGE = { fromMs: 1_000, toMs: 2_000 };

function eventAt(timestamp: number): LogGroupEvent {
  return { id: `id-${timestamp}`, timestamp, message: `at ${timestamp}`, logStream: 's1' };
}

async function read(
  readLogEvents: ReadLogEvents,
): Promise<{ texts: string[]; parts: number[]; error: unknown }> {
  const source = createLogGroupSource('orders', { readLogEvents, region: 'eu-west-1', range: RANGE });
  const texts: string[] = [];
  const parts: number[] = [];
  const watch = { onRead: (size: number) => parts.push(size / source.size), onProblem: expect.unreachable };
  try {
    for await (const { text } of source.read(watch)) texts.push(text);
    return { texts, parts, error: null };
  } catch (error) {
    return { texts, parts, error };
  }
}

function failing(error: Error): ReadLogEvents {
  return async function* () {
    yield [eventAt(1_100)];
    throw error;
  };
}

describe('createLogGroupSource()', () => {
  it('createLogGroupSource() gives events with group, stream, id and time', async () => {
    const store = createLogGroupStore();
    store.write('orders', [eventAt(1_500)]);
    const readLogEvents = createMemoryLogEvents(store);
    const source = createLogGroupSource('orders', { readLogEvents, region: 'eu-west-1', range: RANGE });

    const events = [];
    for await (const event of source.read({ onRead: () => {}, onProblem: expect.unreachable }))
      events.push(event);

    expect(events).toEqual([
      {
        source: 'orders',
        line: null,
        eventId: 'id-1500',
        timestampMs: 1_500,
        text: 'at 1500',
        logGroup: 'orders',
        logStream: 's1',
        payload: null,
      },
    ]);
  });

  it('createLogGroupSource() tells how far the time of the log has come, and in the end all of it', async () => {
    const store = createLogGroupStore();
    store.write('orders', [1_250, 1_250, 1_600, 1_750, 1_800].map(eventAt));

    const { parts } = await read(createMemoryLogEvents(store));

    expect(parts.map((part) => Math.round(part * 100))).toEqual([25, 50, 5, 20]);
  });

  it.each([
    [
      'there is no such group',
      Object.assign(new Error('none'), { name: 'ResourceNotFoundException', $metadata: {} }),
      'log group orders: there is none in eu-west-1; is it the right --region?',
    ],
    [
      'AWS denies it',
      Object.assign(
        new Error(
          'User: arn:aws:iam::1:user/eve is not authorized to perform: logs:FilterLogEvents on resource: arn:aws:logs:eu-west-1:1:log-group:orders:*',
        ),
        { name: 'AccessDeniedException', $metadata: {} },
      ),
      'log group orders: cannot be read after event id-1100: AWS denies logs:FilterLogEvents on arn:aws:logs:eu-west-1:1:log-group:orders:*; docs/replay.md has the policy that is needed',
    ],
    [
      'AWS throttles it',
      Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $metadata: {} }),
      'log group orders: cannot be read after event id-1100: AWS takes no more calls for now (ThrottlingException): try again later',
    ],
  ])('createLogGroupSource() gives what came before, and says it when %s', async (_, cause, message) => {
    const { texts, error } = await read(failing(cause));

    expect(texts).toEqual(['at 1100']);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message, cause });
  });

  it('createLogGroupSource() throws an error that is none of AWS as it is', async () => {
    const bug = new TypeError('a bug');

    expect((await read(failing(bug))).error).toBe(bug);
  });
});
