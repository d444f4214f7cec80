import { type SourceEvent, toExecutionEvent } from '#cli/input/source-event.ts';
import { addExecutionReject, type IngestSummary } from '#cli/replay/ingest-summary.ts';
import { invoke, type LogClock, type ReplayRange } from '#cli/replay/log-clock.ts';
import type { ExecutionReject } from '#cli/replay/report.ts';
import { type Batch, createBatcher, type Origin, packEnvelope } from '#cli/replay/wrap-envelopes.ts';
import type { Invocation } from '#shared/application/count-once.ts';
import type { EnvelopeReport } from '#shared/application/envelope-report.ts';
import { type StageId, stageKey } from '#shared/domain/inventory/stage.ts';
import { isDataTrace } from '#shared/domain/logs/execution/data-trace.ts';
import { parseExecutionLine } from '#shared/domain/logs/execution/execution-line.ts';
import { parseExecutionLogGroup } from '#shared/domain/logs/execution/execution-log-group.ts';
import { detachText } from '#shared/domain/logs/payload/detach-text.ts';
import { createExecutionLineJoiner } from '#shared/domain/logs/stories/join-execution-lines.ts';
import { type ExecutionEvent, readStoryLine } from '#shared/domain/logs/stories/read-story-line.ts';
import { EXECUTION_LOG_GROUP_PREFIX } from '#shared/domain/subscriptions/subscription-filter.ts';

/** The deployed use case. */
export type IngestExecutionLines = (data: string, invocation: Invocation) => Promise<EnvelopeReport>;

type Dependencies = {
  readonly ingest: IngestExecutionLines;
  readonly clock: LogClock;
  readonly accountId: string;
  readonly range: ReplayRange;
};

/** The execution lines of one source on their way into envelopes. */
export type IngestExecution = {
  /** Whether a line goes on with the execution line before it in its file. */
  readonly continues: (from: SourceEvent) => boolean | 'left-out';
  readonly take: (from: SourceEvent) => Promise<void>;
  /** Sends the events that came, so that later ones get an envelope of their own. */
  readonly flush: () => Promise<void>;
  /** Sends all others: a file has to be read to its end to know whose lines it holds. */
  readonly end: () => Promise<void>;
};

/** Lines about failures of one file, of which it is not known whose they are. Beyond, they are counted as `no-stage`. */
const MAX_HELD_LINES = 100_000;

/** The words that tell a failure stand at the beginning. */
const HELD_LENGTH = 1_024;

/** What a file tells of its lines before their stage is known. */
type Held = {
  readonly lines: ExecutionEvent[];
  readonly stages: Map<string, StageId>;
  hasBodies: boolean;
  left: number;
};

/** Puts events of one log stream into envelopes. */
function createSender(summary: IngestSummary, { ingest, clock, accountId, range }: Dependencies) {
  const batcher = createBatcher();
  let origin: Origin = { owner: accountId, logGroup: '', logStream: '' };

  async function send(batch: Batch | null): Promise<void> {
    if (batch === null) return;
    const invocation = invoke(clock, batch.newestMs, summary.envelopes);
    const report = await ingest(packEnvelope(origin, batch), invocation);
    summary.envelopes += 1;
    if (report.status === 'repeated') summary.repeatedLines += report.events;
    for (const [reason, { count }] of Object.entries(report.rejected)) {
      if (reason !== 'unclassified') addExecutionReject(summary, reason as ExecutionReject, count);
    }
  }

  /** As the subscription filter does, it lets through lines about failures only. */
  async function add(
    { id, timestampMs, message }: ExecutionEvent,
    from: Omit<Origin, 'owner'>,
  ): Promise<void> {
    const timestamp = timestampMs ?? 0;
    if (timestamp > 0 && (timestamp < range.sinceMs || timestamp >= range.untilMs)) {
      summary.outsideRange += 1;
      return;
    }
    if (parseExecutionLine(message) === null) return;
    origin = { owner: accountId, ...from };
    await send(batcher.add({ id, timestamp, message }));
  }

  return { add, flush: () => send(batcher.flush()) };
}

function hold(held: Held, event: ExecutionEvent | null): void {
  if (event === null) return;
  const { apiId, stage } = readStoryLine(event)?.facts ?? {};
  if (apiId !== undefined && stage !== undefined && held.stages.size < 2)
    held.stages.set(stageKey({ apiId, stage }), { apiId, stage });
  held.hasBodies ||= isDataTrace(event.message);
  if (parseExecutionLine(event.message) === null) return;
  if (held.lines.length >= MAX_HELD_LINES) held.left += 1;
  else held.lines.push({ ...event, message: detachText(event.message.slice(0, HELD_LENGTH)) });
}

/**
 * Makes the way of a source's execution lines through the deployed code.
 *
 * @param source - Its name
 */
export function createIngestExecution(
  source: string,
  summary: IngestSummary,
  dependencies: Dependencies,
): IngestExecution {
  const sender = createSender(summary, dependencies);
  const joiner = createExecutionLineJoiner(source);
  const held: Held = { lines: [], stages: new Map(), hasBodies: false, left: 0 };

  async function takeEvent(event: ExecutionEvent, logGroup: string): Promise<void> {
    const stage = parseExecutionLogGroup(logGroup);
    if (stage !== null && isDataTrace(event.message)) summary.bodies.set(stageKey(stage), stage);
    await sender.add(event, { logGroup, logStream: event.stream });
  }

  async function end(): Promise<void> {
    hold(held, joiner.end());
    const [stage, ...others] = held.stages.values();
    const isKnown = stage !== undefined && others.length === 0;
    addExecutionReject(summary, 'no-stage', held.left + (isKnown ? 0 : held.lines.length));
    if (isKnown) {
      if (held.hasBodies) summary.bodies.set(stageKey(stage), stage);
      const logGroup = `${EXECUTION_LOG_GROUP_PREFIX}${stageKey(stage)}`;
      for (const event of held.lines) await sender.add(event, { logGroup, logStream: source });
    }
    await sender.flush();
  }

  return {
    // An event is whole, a line of a file may be a part of one.
    continues: ({ eventId, text }) => eventId === null && joiner.continues(text),
    flush: sender.flush,
    end,
    take: async (from) => {
      summary.executionLines += 1;
      if (from.eventId === null) hold(held, joiner.add(from.text, from.line ?? 0));
      else if (from.logGroup === null) hold(held, toExecutionEvent(from));
      else await takeEvent(toExecutionEvent(from), from.logGroup);
    },
  };
}
