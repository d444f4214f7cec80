import { parseFields, type RejectReason } from '#shared/domain/logs/access/parse-access-log.ts';
import type { ReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import { type ParsedRequest, requestOfLine } from '#shared/domain/logs/joined/parsed-request.ts';

/**
 * Reads all that an access-log line tells of its request, for the local user.
 *
 * @param readLine - The reader of the line's log group
 * @param text - Hostile until proven otherwise
 * @param eventTimeMs - Timestamp of the log event in epoch milliseconds; 0 when there is none
 */
export function parseRequestLine(
  readLine: ReadAccessLogLine,
  text: string,
  eventTimeMs: number,
): ParsedRequest | RejectReason {
  const line = readLine(text);
  if (typeof line === 'string') return line;
  const parsed = parseFields(line, eventTimeMs);
  return parsed.ok ? requestOfLine(parsed.request, line) : parsed.reason;
}
