import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '#shared/domain/logs/stories/read-story-line.ts';
import { createStoryAssembler } from '#shared/domain/logs/stories/story-assembler.ts';
import { DEFAULT_STORY_LIMITS } from '#shared/domain/logs/stories/story-limits.ts';
import { collectGarbage } from '#test/fakes/collect-garbage.ts';
import { EVERY_REQUEST, EXECUTION_LOG_GROUP } from '#test/fakes/execution-requests.ts';

const TIME_MS = Date.UTC(2026, 2, 16, 12);
const BEGINNING = 'Extended Request Id: FIXTUREidPEF_g=';
const END = 'Method completed with status: 200';

let events = 0;

/** An event that comes `offsetMs` after noon. */
function eventAt(
  offsetMs: number,
  message: string,
  differences: Partial<ExecutionEvent> = {},
): ExecutionEvent {
  events += 1;
  const id = String(events).padStart(56, '0');
  const timestampMs = TIME_MS + offsetMs;
  return { id, timestampMs, message, logGroup: EXECUTION_LOG_GROUP, stream: 's', ...differences };
}

describe('createStoryAssembler()', () => {
  it.each(EVERY_REQUEST)('createStoryAssembler() tells a request: %s', (_, { story, events: lines }) => {
    const assembler = createStoryAssembler();

    expect(lines.flatMap(assembler.add)).toEqual([]);
    expect(assembler.flush()).toEqual([story]);
    expect(assembler.flush()).toEqual([]);
    expect(assembler.rejected).toEqual({});
  });

  it('createStoryAssembler() tells a story when time has moved on since its last line, not at its end', () => {
    const assembler = createStoryAssembler({ ...DEFAULT_STORY_LIMITS, maxAgeMs: 1_000 });

    assembler.add(eventAt(0, `(a) ${BEGINNING}`));
    assembler.add(eventAt(900, `(a) ${END}`));
    assembler.add(
      eventAt(910, '(a) AWS Integration Endpoint RequestId : 00000000-0000-4000-8000-000000000001'),
    );
    const before = assembler.add(eventAt(1_910, `(b) ${BEGINNING}`));
    const after = assembler.add(eventAt(1_911, `(b) ${END}`));

    expect(before).toEqual([]);
    expect(after).toMatchObject([{ requestId: 'a', lines: 3, complete: true }]);
  });

  it('createStoryAssembler() waits for the lines of files that come with the newest one first', () => {
    const assembler = createStoryAssembler({ ...DEFAULT_STORY_LIMITS, maxAgeMs: 1_000 });

    assembler.add(eventAt(3_600_000, `(new) ${BEGINNING}`));
    assembler.add(eventAt(10, `(old) ${END}`));
    assembler.add(eventAt(0, `(old) ${BEGINNING}`));

    expect(assembler.flush()).toMatchObject([{ requestId: 'new' }, { requestId: 'old', complete: true }]);
  });

  it('createStoryAssembler() leaves out and counts what comes again and what comes late', () => {
    const assembler = createStoryAssembler({ ...DEFAULT_STORY_LIMITS, maxAgeMs: 1_000 });
    const first = eventAt(0, `(a) ${BEGINNING}`);

    assembler.add(first);
    assembler.add(first);
    const [told] = assembler.add(eventAt(1_001, `(b) ${BEGINNING}`));
    const late = eventAt(1, `(a) ${END}`);

    expect(told).toMatchObject({ requestId: 'a', lines: 1, complete: false });
    expect(assembler.add(late)).toEqual([]);
    expect(assembler.rejected).toEqual({
      repeated: { count: 1, firstEventId: first.id },
      late: { count: 1, firstEventId: late.id },
    });
    expect(assembler.flush()).toMatchObject([{ requestId: 'b' }]);
  });

  it('createStoryAssembler() tells a story by either id of its request when it is asked to, and once', () => {
    const assembler = createStoryAssembler();

    assembler.add(eventAt(0, `(a) ${BEGINNING}`));
    assembler.add(eventAt(1, `(a) ${END}`));
    assembler.add(eventAt(2, `(b) ${BEGINNING.replace('FIXTURE', 'OTHER')}`));
    const told = assembler.take('FIXTUREidPEF_g=');
    const again = [assembler.take('a'), assembler.take('FIXTUREidPEF_g='), assembler.take('c')];
    const late = eventAt(3, `(a) ${END}`);

    expect(told).toMatchObject([{ requestId: 'a', lines: 2, complete: true }]);
    expect(again).toEqual([[], [], []]);
    expect(assembler.add(late)).toEqual([]);
    expect(assembler.rejected).toEqual({ late: { count: 1, firstEventId: late.id } });
    expect(assembler.take('b')).toMatchObject([{ requestId: 'b', lines: 1 }]);
    expect(assembler.flush()).toEqual([]);
  });

  it('createStoryAssembler() tells the stories of all groups that have an id, and says where two requests share one', () => {
    const assembler = createStoryAssembler();

    assembler.add(eventAt(0, `(a) ${BEGINNING}`));
    assembler.add(eventAt(1, `(a) ${BEGINNING.replace('FIXTURE', 'OTHER')}`));
    assembler.add(eventAt(2, `(a) ${END}`, { logGroup: 'API-Gateway-Execution-Logs_other/prod' }));

    expect(assembler.take('a')).toMatchObject([
      { apiId: 'a1b2c3', isMixed: true, complete: false },
      { apiId: 'other', isMixed: false },
    ]);
  });

  it('createStoryAssembler() takes an id that comes again much later for another request', () => {
    const assembler = createStoryAssembler({ ...DEFAULT_STORY_LIMITS, maxAgeMs: 1_000 });

    assembler.add(eventAt(0, `(a) ${BEGINNING}`));
    assembler.add(eventAt(5_000, `(b) ${BEGINNING}`));
    assembler.add(eventAt(5_000, `(a) ${END}`));

    expect(assembler.flush()).toMatchObject([
      { requestId: 'b' },
      { requestId: 'a', lines: 1, startedAtMs: TIME_MS + 5_000 },
    ]);
    expect(assembler.rejected).toEqual({});
  });

  it('createStoryAssembler() keeps requests of two stages with one id apart', () => {
    const assembler = createStoryAssembler();
    const logGroup = 'API-Gateway-Execution-Logs_d4e5f6/prod/Canary';

    assembler.add(eventAt(0, `(a) ${BEGINNING}`));
    assembler.add(eventAt(0, `(a) ${END}`, { logGroup }));

    expect(assembler.flush()).toMatchObject([
      { apiId: 'a1b2c3', lines: 1 },
      { apiId: 'd4e5f6', stage: 'prod', lines: 1 },
    ]);
  });

  it.each([
    ['maxOpenStories', { maxOpenStories: 2 }],
    ['maxOpenLines', { maxOpenLines: 3 }],
  ])('createStoryAssembler() tells the oldest story early when %s is reached, as incomplete', (_, limits) => {
    const assembler = createStoryAssembler({ ...DEFAULT_STORY_LIMITS, ...limits });

    assembler.add(eventAt(0, `(a) ${BEGINNING}`));
    assembler.add(eventAt(1, `(a) ${END}`));
    assembler.add(eventAt(2, `(b) ${BEGINNING}`));

    expect(assembler.add(eventAt(3, `(c) ${BEGINNING}`))).toMatchObject([
      { requestId: 'a', lines: 2, status: 200, complete: false },
    ]);
  });

  it('createStoryAssembler() tells the requests of a client that sends them all under one id in parts', () => {
    const assembler = createStoryAssembler({ ...DEFAULT_STORY_LIMITS, maxLinesPerStory: 2 });
    const lines = [BEGINNING, END, BEGINNING, END, BEGINNING];

    const told = lines.flatMap((text, index) => assembler.add(eventAt(index, `(a) ${text}`)));

    expect(told).toMatchObject([{ lines: 2 }, { lines: 2 }]);
    expect(assembler.flush()).toMatchObject([{ lines: 1 }]);
  });

  it('createStoryAssembler() refuses and counts what is no line of an execution log', () => {
    const assembler = createStoryAssembler();
    const lines = [
      eventAt(0, `(a) ${END}`, { logGroup: '/aws/lambda/orders' }),
      eventAt(0, 'START RequestId: x', { logGroup: null }),
      eventAt(0, ''),
    ];

    expect(lines.flatMap(assembler.add)).toEqual([]);
    expect(assembler.flush()).toEqual([]);
    expect(assembler.rejected).toEqual({
      'not-execution-log': { count: 3, firstEventId: lines[0]?.id },
    });
  });

  it('createStoryAssembler() keeps lines of unknown words in the story of their request', () => {
    const assembler = createStoryAssembler();

    assembler.add(eventAt(0, '(a) Something that nobody has seen yet'));

    expect(assembler.flush()).toMatchObject([{ requestId: 'a', lines: 1, cause: null, complete: false }]);
  });

  it('createStoryAssembler() takes a time that is none for unknown', () => {
    const assembler = createStoryAssembler();
    for (const timestampMs of [null, 0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assembler.add(eventAt(0, `(a) ${END}`, { timestampMs }));
    }

    expect(assembler.flush()).toMatchObject([{ startedAtMs: null, endedAtMs: null, lines: 5 }]);
  });

  it('createStoryAssembler() joins lines without request id by their order: test invocations, one after the other', () => {
    const assembler = createStoryAssembler();
    const run = [
      'Starting execution for request: test-invoke-request',
      'HTTP Method: POST, Resource Path: /Seattle',
      'Method completed with status: 200',
    ].map((text) => `Thu Aug 31 01:07:25 UTC 2017 : ${text}`);
    const file = ['Execution log for request test-request', ...run, ...run];

    const told = file.flatMap((line) => assembler.add(eventAt(0, line, { logGroup: null })));

    expect(told).toMatchObject([{ requestId: null, lines: 4, isTestInvocation: true, complete: true }]);
    expect(assembler.flush()).toMatchObject([{ requestId: null, lines: 3, status: 200, complete: true }]);
  });

  it('createStoryAssembler() takes the id of old lines, whose prefix has none, from their text', () => {
    const assembler = createStoryAssembler();
    const file = [
      'Verifying Usage Plan for request: id-1. API Key: *****abcdef API Stage: a1b2c3/dev',
      'Starting execution for request: id-1',
      'Method completed with status: 400',
      'Verifying Usage Plan for request: id-2. API Key: *****abcdef API Stage: a1b2c3/dev',
    ].map((text) => `2016-10-01T10:55:36.315Z ${text}`);

    const told = file.flatMap((line) => assembler.add(eventAt(0, line, { logGroup: null })));

    expect(told).toMatchObject([
      { requestId: 'id-1', apiId: 'a1b2c3', stage: 'dev', status: 400, complete: true },
    ]);
    expect(assembler.flush()).toMatchObject([{ requestId: 'id-2', isTestInvocation: false }]);
  });

  it('createStoryAssembler() takes failures that follow each other without ids for as many requests', () => {
    const assembler = createStoryAssembler();
    const failure = ['Execution failed due to a timeout error', 'Method completed with status: 504'];

    const told = [...failure, ...failure].flatMap((text) =>
      assembler.add(eventAt(0, text, { logGroup: null })),
    );

    expect([...told, ...assembler.flush()]).toMatchObject([{ lines: 2 }, { lines: 2 }]);
  });
});

describe('the memory of createStoryAssembler()', () => {
  it('createStoryAssembler() holds no more stories than it may under a flood of ids', () => {
    const limits = { ...DEFAULT_STORY_LIMITS, maxOpenStories: 1_000, maxRememberedIds: 1_000 };
    const assembler = createStoryAssembler(limits);
    const beforeBytes = collectGarbage();
    let told = 0;

    for (let id = 0; id < 50_000; id += 1)
      told += assembler.add(eventAt(0, `(id-${id}) ${BEGINNING}`)).length;
    const heldBytes = collectGarbage() - beforeBytes;

    expect(told).toBe(49_000);
    expect(heldBytes).toBeLessThan(5_000_000);
    expect(assembler.flush()).toHaveLength(1_000);
  });

  it('createStoryAssembler() keeps nothing of long lines alive', () => {
    const assembler = createStoryAssembler();
    const padding = 'x'.repeat(1_000_000);
    const lambdaId = '00000000-0000-4000-8000-000000000001';
    const beforeBytes = collectGarbage();

    for (let id = 0; id < 100; id += 1) {
      const path = `/a-path-of-some-length/${id}`;
      const error = `${padding}. Lambda request id: ${lambdaId}`;
      // Each text is made flat, as one that was read is.
      for (const text of [
        `HTTP Method: GET, Resource Path: ${path}\n${padding}`,
        `Lambda execution failed with status 200 due to customer function error: ${error}`,
      ]) {
        assembler.add(eventAt(0, Buffer.from(`(a-request-id-of-some-length-${id}) ${text}`).toString()));
      }
    }
    const heldBytes = collectGarbage() - beforeBytes;

    expect(heldBytes).toBeLessThan(5_000_000);
    expect(assembler.flush()).toHaveLength(100);
  });
});
