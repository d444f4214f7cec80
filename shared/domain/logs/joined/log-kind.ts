import { parseExecutionLogGroup } from '#shared/domain/logs/execution/execution-log-group.ts';
import { splitExecutionPrefix } from '#shared/domain/logs/execution/execution-prefix.ts';
import { readStoryLine } from '#shared/domain/logs/stories/read-story-line.ts';
import { EXECUTION_LOG_GROUP_PREFIX } from '#shared/domain/subscriptions/subscription-filter.ts';

/** The two kinds of logs that API Gateway writes. */
export type LogKind = 'access' | 'execution';

/**
 * What a log group holds, by its name. `either`: access logs may have a group of the name that execution logs of WebSocket
 * stages have, so each line has to tell.
 */
export function kindOfLogGroup(logGroup: string): LogKind | 'either' {
  if (parseExecutionLogGroup(logGroup) === null) return 'access';
  return logGroup.startsWith(EXECUTION_LOG_GROUP_PREFIX) ? 'execution' : 'either';
}

/** Whether a line begins as those of execution logs do: with an id, a time, or the date of a test invocation. */
export function hasExecutionPrefix(text: string): boolean {
  const { requestId, isoTime, testTime } = splitExecutionPrefix(text);
  return (requestId ?? isoTime ?? testTime) !== null;
}

/** Whether a line is one of an execution log, by how it begins or by words that only those have. */
export function isExecutionText(text: string): boolean {
  if (hasExecutionPrefix(text)) return true;
  const event = { id: '', timestampMs: null, message: text, logGroup: null, stream: '' };
  return readStoryLine(event) !== null;
}
