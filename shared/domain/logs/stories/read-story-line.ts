import type { StageId } from '#shared/domain/inventory/stage.ts';
import { parseExecutionLine } from '#shared/domain/logs/execution/execution-line.ts';
import { parseExecutionLogGroup } from '#shared/domain/logs/execution/execution-log-group.ts';
import { splitExecutionPrefix } from '#shared/domain/logs/execution/execution-prefix.ts';
import { readExecutionFacts } from '#shared/domain/logs/execution/read-execution-facts.ts';
import { detachText } from '#shared/domain/logs/payload/detach-text.ts';
import type { StoryLine } from '#shared/domain/logs/stories/open-story.ts';

/** One event of an execution log, from CloudWatch Logs or a file. */
export type ExecutionEvent = {
  /** Unique, and the same when the event comes again: the event id of CloudWatch Logs, or file and line. */
  readonly id: string;
  /** Epoch milliseconds; `null` where nothing tells. */
  readonly timestampMs: number | null;
  readonly message: string;
  /** `null` for a file, of which nobody knows. */
  readonly logGroup: string | null;
  /** Log stream or file: what lines without request id are joined in. */
  readonly stream: string;
};

/** An event, read: the line, and what tells its request. */
export type ReadEvent = StoryLine & {
  readonly requestId: string | null;
  /** The stage that the log group is named after; `null` without a group. */
  readonly stage: StageId | null;
};

/** How API Gateway ends a text that it cut. */
export const TRUNCATED = ' [TRUNCATED]';

/** CloudWatch Logs writes 0 for a time that it does not know, and JSON may hold one beyond all numbers. */
function isTime(timestampMs: number | null): boolean {
  return timestampMs !== null && timestampMs > 0 && Number.isFinite(timestampMs);
}

/**
 * Reads an event of an execution log.
 *
 * @returns `null` if it is none: the group is no execution log's, or neither prefix nor words are known
 */
export function readStoryLine({ id, timestampMs, message, logGroup }: ExecutionEvent): ReadEvent | null {
  const stage = logGroup === null ? null : parseExecutionLogGroup(logGroup);
  if (logGroup !== null && stage === null) return null;
  const { requestId, testTime, text } = splitExecutionPrefix(message);
  const read = readExecutionFacts(detachText(text), message);
  const failure = parseExecutionLine(message);
  const isNamed = requestId !== null || testTime !== null;
  if (!isNamed && read === null && failure === null) return null;
  return {
    eventId: id,
    timestampMs: isTime(timestampMs) ? timestampMs : null,
    facts: { ...read?.facts, ...(testTime !== null && { isTestInvocation: true }) },
    failure: failure === null ? null : { cause: failure.cause, rank: failure.rank },
    isTruncated: message
      .slice(-2 * TRUNCATED.length)
      .trimEnd()
      .endsWith(TRUNCATED),
    requestId: requestId === null ? null : detachText(requestId),
    stage,
  };
}
