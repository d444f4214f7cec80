import { UsageError } from '#cli/errors.ts';
import type { EventSource, SourceEvent } from '#cli/input/source-event.ts';
import { createIngestExecution, type IngestExecutionLines } from '#cli/replay/ingest-execution.ts';
import { addReport, addSource, createSummary, type IngestSummary } from '#cli/replay/ingest-summary.ts';
import { invoke, type LogClock, type ReplayRange } from '#cli/replay/log-clock.ts';
import { type Batch, createBatcher, packEnvelope } from '#cli/replay/wrap-envelopes.ts';
import type { Invocation } from '#shared/application/count-once.ts';
import type { IngestReport } from '#shared/application/ingest-access-logs.ts';
import { type ParsedLine, parseAccessLog } from '#shared/domain/logs/access/parse-access-log.ts';
import {
  createReadAccessLogLine,
  type ReadAccessLogLine,
} from '#shared/domain/logs/access/read-access-log-line.ts';
import { isExecutionText, kindOfLogGroup } from '#shared/domain/logs/joined/log-kind.ts';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';

type Dependencies = {
  readonly ingest: (data: string, invocation: Invocation) => Promise<IngestReport>;
  readonly ingestExecution: IngestExecutionLines;
  readonly clock: LogClock;
  readonly accountId: string;
  /** The group of lines that come from none; `null` for one after the file. */
  readonly logGroup: string | null;
  readonly range: ReplayRange;
  readonly onRead: (size: number) => void;
};

/** An event on its way into an envelope, with where it came from. */
type ReplayedEvent = LogEvent & { readonly from: SourceEvent };

/** Event ids have 56 digits; these say which line of which file an event was. */
const SOURCE_DIGITS = 8;
const LINE_DIGITS = 48;

function toEventId(sourceIndex: number, { eventId, line }: SourceEvent): string {
  return (
    eventId ?? String(sourceIndex).padStart(SOURCE_DIGITS, '0') + String(line).padStart(LINE_DIGITS, '0')
  );
}

/** Whether an event belongs into another envelope than the one before: a payload is one, and so is told apart if it repeats. */
function isElsewhere(event: SourceEvent, before: SourceEvent | null): boolean {
  return before === null || event.logGroup !== before.logGroup || event.payload !== before.payload;
}

/**
 * Whether a line is one of an execution log, by its group. Where access logs may have a group of that name, and in a
 * file, the line itself has to look like one.
 *
 * @param continues - Whether it goes on with the execution line before it
 */
function isExecutionLine(
  { logGroup, text }: SourceEvent,
  parsed: ParsedLine,
  continues: boolean | 'left-out',
): boolean {
  if (logGroup === null)
    return continues === true || (!parsed.ok && (continues !== false || isExecutionText(text)));
  const kind = kindOfLogGroup(logGroup);
  return kind === 'execution' || (kind === 'either' && !parsed.ok && text.startsWith('('));
}

function isOutside({ sinceMs, untilMs }: ReplayRange, parsed: ParsedLine): boolean {
  return parsed.ok && (parsed.request.timeMs < sinceMs || parsed.request.timeMs >= untilMs);
}

/** Wraps events into envelopes and hands them to ingest. */
function createDeliver(summary: IngestSummary, dependencies: Dependencies) {
  const { ingest, clock, accountId, logGroup } = dependencies;
  return async (batch: Batch<ReplayedEvent> | null): Promise<void> => {
    const [first] = batch?.events ?? [];
    if (batch === null || first === undefined) return;
    const { source, ...from } = first.from;
    const invocation = invoke(clock, batch.newestMs, summary.envelopes);
    const origin = {
      owner: accountId,
      logGroup: from.logGroup ?? logGroup ?? `replay/${source}`,
      // A log group's events come from many streams at once.
      logStream: (from.payload === null ? null : from.logStream) ?? source,
    };
    const report = await ingest(packEnvelope(origin, batch), invocation);
    addReport(summary, report, (eventId) => batch.events.find(({ id }) => id === eventId)?.from);
  };
}

/** Reads a source to its end, or as far as it can be. @returns How many lines it had */
async function ingestSource(
  source: EventSource,
  sourceIndex: number,
  summary: IngestSummary,
  dependencies: Dependencies,
): Promise<number> {
  const { range, onRead } = dependencies;
  const deliver = createDeliver(summary, dependencies);
  const execution = createIngestExecution(source.name, summary, {
    ...dependencies,
    ingest: dependencies.ingestExecution,
  });
  const batcher = createBatcher<ReplayedEvent>();
  let readLine: ReadAccessLogLine = createReadAccessLogLine();
  let before: SourceEvent | null = null;
  let lines = 0;

  async function take(from: SourceEvent): Promise<void> {
    const parsed = parseAccessLog(readLine, from.text, from.timestampMs ?? 0);
    if (isExecutionLine(from, parsed, execution.continues(from))) await execution.take(from);
    else if (isOutside(range, parsed)) summary.outsideRange += 1;
    else {
      // CloudWatch stamps an access-log event with the time of its request; a line without one has no time here.
      const timestamp = parsed.ok ? parsed.request.timeMs : 0;
      await deliver(batcher.add({ id: toEventId(sourceIndex, from), timestamp, message: from.text, from }));
    }
  }

  try {
    for await (const event of source.read({ onRead, onProblem: (words) => summary.unreadable.push(words) })) {
      lines += 1;
      if (isElsewhere(event, before)) {
        await deliver(batcher.flush());
        await execution.flush();
        readLine = createReadAccessLogLine();
      }
      before = event;
      await take(event);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    summary.unreadable.push(error.message);
  }
  await deliver(batcher.flush());
  await execution.end();
  return lines;
}

/**
 * Reads log lines from wherever they are, wraps them into envelopes as CloudWatch Logs would, and ingests them.
 * What cannot be read ends its source, not the replay.
 */
export async function ingestSources(
  sources: readonly EventSource[],
  dependencies: Dependencies,
): Promise<IngestSummary> {
  const summary = createSummary();
  for (const [index, source] of sources.entries()) {
    addSource(summary, source, await ingestSource(source, index, summary, dependencies));
  }
  return summary;
}
