import type { EventSource, Position } from '#cli/input/source-event.ts';
import type { ExecutionReject, FirstReject, InputSource } from '#cli/replay/report.ts';
import type { IngestReport } from '#shared/application/ingest-access-logs.ts';
import type { StageId } from '#shared/domain/inventory/stage.ts';
import type { RejectReason } from '#shared/domain/logs/access/parse-access-log.ts';

/** What was read and counted, all sources together. */
export type IngestSummary = {
  readonly files: InputSource[];
  readonly logGroups: InputSource[];
  linesRead: number;
  outsideRange: number;
  executionLines: number;
  /** Lines of execution logs that tell a failure and are not counted, by reason. */
  readonly executionRejected: Partial<Record<ExecutionReject, number>>;
  /** Stages of whose execution logs lines with bodies were seen, by their keys. */
  readonly bodies: Map<string, StageId>;
  repeatedLines: number;
  envelopes: number;
  requests: number;
  repaired: number;
  unidentified: number;
  readonly rejected: Partial<Record<RejectReason, number>>;
  readonly firstRejects: FirstReject[];
  readonly statuses: Map<number, number>;
  readonly unreadable: string[];
};

/** A summary of nothing. */
export function createSummary(): IngestSummary {
  return {
    files: [],
    logGroups: [],
    linesRead: 0,
    outsideRange: 0,
    executionLines: 0,
    executionRejected: {},
    bodies: new Map(),
    repeatedLines: 0,
    envelopes: 0,
    requests: 0,
    repaired: 0,
    unidentified: 0,
    rejected: {},
    firstRejects: [],
    statuses: new Map(),
    unreadable: [],
  };
}

/** Adds a source that was read to its end, or as far as it could be. */
export function addSource(summary: IngestSummary, { name, kind }: EventSource, lines: number): void {
  (kind === 'file' ? summary.files : summary.logGroups).push({ name, lines });
  summary.linesRead += lines;
}

/**
 * Adds what ingest says of an envelope.
 *
 * @param positionOf - Where an event of the envelope was found, by its id
 */
export function addReport(
  summary: IngestSummary,
  report: IngestReport,
  positionOf: (eventId: string) => Position | undefined,
): void {
  summary.envelopes += 1;
  summary.requests += report.requests;
  summary.repaired += report.repaired;
  summary.unidentified += report.unidentified;
  if (report.status === 'repeated') summary.repeatedLines += report.events;
  for (const [status, count] of report.statuses) {
    summary.statuses.set(status, (summary.statuses.get(status) ?? 0) + count);
  }
  for (const [name, { count, firstEventId }] of Object.entries(report.rejected)) {
    const reason = name as RejectReason;
    if (summary.rejected[reason] === undefined) {
      const { source: file = '', line = null, eventId = null } = positionOf(firstEventId) ?? {};
      summary.firstRejects.push({ reason, file, line, eventId });
    }
    summary.rejected[reason] = (summary.rejected[reason] ?? 0) + count;
  }
}

/** Adds lines of execution logs that are not counted. */
export function addExecutionReject(
  { executionRejected }: IngestSummary,
  reason: ExecutionReject,
  count: number,
): void {
  if (count > 0) executionRejected[reason] = (executionRejected[reason] ?? 0) + count;
}
