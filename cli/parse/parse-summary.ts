import type { EventSource, Position } from '#cli/input/source-event.ts';
import type { InputSource } from '#cli/replay/report.ts';
import type { RejectReason } from '#shared/domain/logs/access/parse-access-log.ts';
import type { JoinCounts } from '#shared/domain/logs/joined/request-joiner.ts';
import type { StoryRejectReason } from '#shared/domain/logs/stories/story-assembler.ts';

/** Why a line tells of no request. */
export type ParseRejectReason = RejectReason | StoryRejectReason;

/** Lines that were rejected for one reason, and where the first of them is. */
export type ParseReject = { count: number; readonly first: Position };

/** What was read, and what became of it. */
export type ParseSummary = {
  readonly files: InputSource[];
  readonly logGroups: InputSource[];
  /** What could not be read, in words. */
  readonly unreadable: string[];
  readonly rejected: Map<ParseRejectReason, ParseReject>;
  linesRead: number;
  written: number;
  /** Requests outside of `--since` and `--until`. */
  outsideRange: number;
  /** Access lines that were not as they should be, and are read as far as that is certain. */
  repaired: number;
  /** Written requests that are not told to their end. */
  incomplete: number;
  readonly joins: JoinCounts;
  /** Requests that were written before the last execution line was read, which may have been theirs. */
  unwaitedRequests: number;
};

/** A summary of nothing. */
export function createParseSummary(joins: JoinCounts): ParseSummary {
  return {
    files: [],
    logGroups: [],
    unreadable: [],
    rejected: new Map(),
    linesRead: 0,
    written: 0,
    outsideRange: 0,
    repaired: 0,
    incomplete: 0,
    joins,
    unwaitedRequests: 0,
  };
}

/** Adds a source that was read to its end, or as far as it could be. */
export function addParsedSource(summary: ParseSummary, { name, kind }: EventSource, lines: number): void {
  (kind === 'file' ? summary.files : summary.logGroups).push({ name, lines });
  summary.linesRead += lines;
}

/** Adds a line that tells of no request. */
export function addParseReject(
  { rejected }: ParseSummary,
  reason: ParseRejectReason,
  { source, line, eventId }: Position,
): void {
  const known = rejected.get(reason);
  if (known === undefined) rejected.set(reason, { count: 1, first: { source, line, eventId } });
  else known.count += 1;
}
