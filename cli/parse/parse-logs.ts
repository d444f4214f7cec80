import { UsageError } from '#cli/errors.ts';
import type { EventSource, Position } from '#cli/input/source-event.ts';
import { orderSources } from '#cli/parse/order-sources.ts';
import {
  addParsedSource,
  addParseReject,
  createParseSummary,
  type ParseSummary,
} from '#cli/parse/parse-summary.ts';
import { createLineSorter, type LineSink } from '#cli/parse/sort-lines.ts';
import type { LogKind } from '#shared/domain/logs/joined/log-kind.ts';
import { type ParsedRequest, requestOfStory } from '#shared/domain/logs/joined/parsed-request.ts';
import { createRequestJoiner, type RequestJoiner } from '#shared/domain/logs/joined/request-joiner.ts';
import type { ExecutionEvent } from '#shared/domain/logs/stories/read-story-line.ts';
import { createRecentIds } from '#shared/domain/logs/stories/recent-ids.ts';
import {
  createStoryAssembler,
  type StoryAssembler,
  type StoryRejectReason,
} from '#shared/domain/logs/stories/story-assembler.ts';

/** What to parse, and where to write it. */
export type ParseOptions = {
  readonly sources: readonly EventSource[];
  /** The only kind of lines that is wanted; `null` for both, which are joined. */
  readonly kind: LogKind | null;
  /** Only requests from `sinceMs` on and before `untilMs`. Epoch milliseconds. */
  readonly range: { readonly sinceMs: number; readonly untilMs: number };
  readonly onRead: (size: number) => void;
  /** @returns What to wait for before more is written */
  readonly write: (request: ParsedRequest) => Promise<void> | null;
};

/** Events of access logs of which it is known that they come again. */
const MAX_REMEMBERED_EVENTS = 200_000;

type Run = {
  readonly options: ParseOptions;
  readonly summary: ParseSummary;
  readonly assembler: StoryAssembler;
  readonly joiner: RequestJoiner;
  /** Requests of which all is known that will be, in the order in which they are written. */
  readonly ready: ParsedRequest[];
};

function give({ ready }: Run, requests: readonly ParsedRequest[]): void {
  for (const request of requests) ready.push(request);
}

/** Stories wait for their access line only where there may be one. */
function giveStories(run: Run, stories: ReturnType<StoryAssembler['flush']>): void {
  for (const story of stories) {
    const request = requestOfStory(story);
    give(run, run.options.kind === null ? run.joiner.addStory(request, story.isMixed) : [request]);
  }
}

function isOutside({ options: { range } }: Run, { timeMs }: ParsedRequest): boolean {
  return timeMs !== null && (timeMs < range.sinceMs || timeMs >= range.untilMs);
}

async function writeReady(run: Run): Promise<void> {
  const { ready, summary, options } = run;
  for (const request of ready) {
    if (isOutside(run, request)) {
      summary.outsideRange += 1;
      continue;
    }
    summary.written += 1;
    if (!request.complete) summary.incomplete += 1;
    const written = options.write(request);
    if (written !== null) await written;
  }
  ready.length = 0;
}

function createExecutionSink(run: Run): LineSink['onExecution'] {
  const { assembler, joiner, summary } = run;
  const countOf = (reason: StoryRejectReason): number => assembler.rejected[reason]?.count ?? 0;
  const reasons = ['not-execution-log', 'repeated', 'late'] as const;
  return (event: ExecutionEvent, from: Position) => {
    summary.unwaitedRequests = joiner.counts.unwaitedRequests;
    const before = reasons.map(countOf);
    giveStories(run, assembler.add(event));
    const rejected = reasons.find((reason, index) => countOf(reason) > (before[index] ?? 0));
    if (rejected !== undefined) addParseReject(summary, rejected, from);
  };
}

function createSink(run: Run): LineSink {
  const { summary, joiner, options } = run;
  const seen = createRecentIds<true>(MAX_REMEMBERED_EVENTS);
  return {
    onExecution: createExecutionSink(run),
    onReject: (reason, from) => addParseReject(summary, reason, from),
    onRequest: (request, from) => {
      if (from.eventId !== null && seen.get(from.eventId) === true) {
        addParseReject(summary, 'repeated', from);
        return;
      }
      if (from.eventId !== null) seen.set(from.eventId, true);
      if (!request.complete) summary.repaired += 1;
      give(run, options.kind === null ? joiner.addRequest(request) : [request]);
    },
  };
}

/** Reads a source to its end, or as far as it can be. */
async function parseSource(run: Run, source: EventSource, sink: LineSink): Promise<void> {
  const { options, summary } = run;
  const sorter = createLineSorter(source.name, options.kind, sink);
  const onProblem = (words: string): number => summary.unreadable.push(words);
  let lines = 0;
  try {
    for await (const event of source.read({ onRead: options.onRead, onProblem })) {
      lines += 1;
      sorter.take(event);
      if (run.ready.length > 0) await writeReady(run);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    summary.unreadable.push(error.message);
  }
  sorter.end();
  addParsedSource(summary, source, lines);
}

function createRun(options: ParseOptions): Run {
  const assembler = createStoryAssembler();
  const joiner = createRequestJoiner((id) =>
    assembler.take(id).map((story) => ({ story: requestOfStory(story), isMixed: story.isMixed })),
  );
  return { options, summary: createParseSummary(joiner.counts), assembler, joiner, ready: [] };
}

/**
 * Makes requests of log lines and writes each as soon as all is known of it. Where both kinds are wanted, requests of access
 * lines come in the order of their lines, and after them what only execution lines tell. What cannot be read ends its
 * source, not the whole.
 */
export async function parseLogs(options: ParseOptions): Promise<ParseSummary> {
  const run = createRun(options);
  const sources = options.kind === null ? await orderSources(options.sources) : options.sources;
  const sink = createSink(run);
  for (const source of sources) await parseSource(run, source, sink);
  giveStories(run, run.assembler.flush());
  await writeReady(run);
  for (const request of run.joiner.end()) {
    run.ready.push(request);
    await writeReady(run);
  }
  return run.summary;
}
