import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExecutionStory } from '#shared/domain/logs/stories/execution-story.ts';
import { createExecutionLineJoiner } from '#shared/domain/logs/stories/join-execution-lines.ts';
import type { ExecutionEvent } from '#shared/domain/logs/stories/read-story-line.ts';
import { createStoryAssembler } from '#shared/domain/logs/stories/story-assembler.ts';
import { DEFAULT_STORY_LIMITS, type StoryLimits } from '#shared/domain/logs/stories/story-limits.ts';
import { hostileText } from '#test/fakes/arbitraries.ts';
import { FAILURE_TEXTS, OTHER_TEXTS } from '#test/fakes/execution-log-lines.ts';
import { type ExecutionRequest, executionRequests } from '#test/fakes/execution-requests.ts';

function assemble(events: Iterable<ExecutionEvent>, limits: Partial<StoryLimits> = {}): ExecutionStory[] {
  const assembler = createStoryAssembler({ ...DEFAULT_STORY_LIMITS, ...limits });
  const told = [...events].flatMap((event) => assembler.add(event));
  return [...told, ...assembler.flush()];
}

/** Stories in an order of their own, so that only the set is compared. */
function sorted(stories: readonly ExecutionStory[]): ExecutionStory[] {
  return [...stories].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Each request by itself, its lines in order and once: what has nothing to get wrong. */
function assembleOneByOne(events: readonly ExecutionEvent[]): ExecutionStory[] {
  const groups = new Map<string, Map<string, ExecutionEvent>>();
  for (const event of events) {
    const requestId = /^\((.+?)\)/.exec(event.message)?.[1] ?? '';
    groups.set(requestId, (groups.get(requestId) ?? new Map<string, ExecutionEvent>()).set(event.id, event));
  }
  return [...groups.values()].flatMap((group) =>
    assemble([...group.values()].sort((a, b) => (a.id < b.id ? -1 : 1))),
  );
}

const eventsOf = (requests: readonly ExecutionRequest[]): ExecutionEvent[] =>
  requests.flatMap(({ events }) => events);

/** All lines at least once, some of them again, in any order. */
const shuffledRequests = executionRequests.chain((requests) => {
  const events = eventsOf(requests);
  return fc.array(fc.constantFrom(...events), { maxLength: 20 }).chain((again) => {
    const all = [...events, ...again];
    return fc.record({
      requests: fc.constant(requests),
      events: fc.shuffledSubarray(all, { minLength: all.length }),
    });
  });
});

describe('createStoryAssembler()', () => {
  it('createStoryAssembler() tells every request as it was, whatever the order of its lines and however often they come', () => {
    fc.assert(
      fc.property(shuffledRequests, ({ requests, events }) => {
        expect(sorted(assemble(events))).toEqual(sorted(requests.map(({ story }) => story)));
      }),
    );
  });

  it('createStoryAssembler() tells what is left of requests that lack lines as if each were alone', () => {
    fc.assert(
      fc.property(
        shuffledRequests.chain(({ events }) => fc.shuffledSubarray(events)),
        (events) => {
          expect(sorted(assemble(events))).toEqual(sorted(assembleOneByOne(events)));
        },
      ),
    );
  });

  it('createStoryAssembler() tells the same with a short age while lines come no later than it allows', () => {
    fc.assert(
      fc.property(executionRequests, (requests) => {
        const inOrder = eventsOf(requests).sort((a, b) => (a.timestampMs ?? 0) - (b.timestampMs ?? 0));

        expect(sorted(assemble(inOrder, { maxAgeMs: 10 }))).toEqual(
          sorted(requests.map(({ story }) => story)),
        );
      }),
    );
  });

  it('createStoryAssembler() tells no request twice and loses no line without counting it, however small its limits', () => {
    const limits = fc.record({
      maxOpenStories: fc.integer({ min: 1, max: 4 }),
      maxOpenLines: fc.integer({ min: 1, max: 30 }),
      maxAgeMs: fc.integer({ min: 100, max: 20_000 }),
    });

    fc.assert(
      fc.property(shuffledRequests, limits, ({ events }, some) => {
        const assembler = createStoryAssembler({ ...DEFAULT_STORY_LIMITS, ...some });
        const stories = [...events.flatMap((event) => assembler.add(event)), ...assembler.flush()];
        const { late, repeated } = assembler.rejected;
        const lines = stories.reduce((sum, story) => sum + story.lines, 0);

        expect(lines + (late?.count ?? 0) + (repeated?.count ?? 0)).toBe(events.length);
        expect(new Set(stories.map((story) => story.requestId)).size).toBe(stories.length);
      }),
    );
  });

  it('createStoryAssembler() takes any text', () => {
    const message = fc
      .tuple(
        fc.constantFrom('', '(a) ', '2017-06-05T13:57:47.369Z (a) ', 'Thu Aug 31 01:07:25 UTC 2017 : '),
        fc.oneof(fc.constantFrom(...OTHER_TEXTS, ...FAILURE_TEXTS.map(([text]) => text)), hostileText),
        hostileText,
      )
      .map((parts) => parts.join(''));
    const event = fc.record({
      id: fc.string(),
      timestampMs: fc.option(fc.double()),
      message,
      logGroup: fc.option(fc.constantFrom('API-Gateway-Execution-Logs_a1b2c3/prod', '/aws/lambda/x')),
      stream: fc.constantFrom('s', 't'),
    });

    fc.assert(
      fc.property(fc.array(event), (events) => {
        const stories = assemble(events);
        expect(stories.length).toBeLessThanOrEqual(events.length);
      }),
    );
  });
});

/** The file that an export makes of events: some prefix before each, and bodies with their own line breaks. */
function toFile(events: readonly ExecutionEvent[]): string[] {
  return events.flatMap(({ timestampMs, message }) =>
    `${new Date(timestampMs ?? 0).toISOString()} ${message}`.split('\n'),
  );
}

function readFile(lines: readonly string[]): ExecutionEvent[] {
  const joiner = createExecutionLineJoiner('file');
  const events = lines.map((line, index) => joiner.add(line, index + 1));
  return [...events, joiner.end()].filter((event) => event !== null);
}

describe('createExecutionLineJoiner()', () => {
  it('createExecutionLineJoiner() reads the events of an exported file as they were', () => {
    fc.assert(
      fc.property(executionRequests, (requests) => {
        const events = eventsOf(requests);

        const read = readFile(toFile(events));

        expect(read.map(({ timestampMs, message }) => [timestampMs, message.slice(25)])).toEqual(
          events.map(({ timestampMs, message }) => [timestampMs, message]),
        );
      }),
    );
  });

  it('createExecutionLineJoiner() lets no body tell a story, whatever lines it quotes', () => {
    const quoted = fc
      .tuple(
        fc.constantFrom('', '(a) ', '(other) ', 'Thu Aug 31 01:07:25 UTC 2017 : '),
        fc.constantFrom(...OTHER_TEXTS, ...FAILURE_TEXTS.map(([text]) => text)),
      )
      .map((parts) => parts.join(''));
    const file = (body: readonly string[]) => [
      '2026-03-16T12:00:00.000Z (a) Starting execution for request: a',
      '2026-03-16T12:00:00.001Z (a) Method request body before transformations: {',
      ...body,
      '2026-03-16T12:00:00.002Z (a) Method completed with status: 200',
    ];

    fc.assert(
      fc.property(fc.array(quoted, { maxLength: 5 }), (body) => {
        expect(assemble(readFile(file(body)))).toEqual(assemble(readFile(file([]))));
      }),
    );
  });
});
