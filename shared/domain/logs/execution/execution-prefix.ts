/** A line of an execution log, taken apart; what its prefix lacks is `null`. */
export type PrefixedLine = {
  /** The request id of REST, the extended one of WebSocket. */
  readonly requestId: string | null;
  /** ISO 8601 time that exports put before a line. */
  readonly isoTime: string | null;
  /** `Thu Aug 31 01:07:25 UTC 2017`, which test invocations have instead of an id. */
  readonly testTime: string | null;
  /** What follows, at most {@link MAX_HEAD_LENGTH} characters with the prefix. */
  readonly text: string;
};

/**
 * What stands before the text: `(id) `; in exports an ISO time, too, and with the AWS CLI the log stream; in test
 * invocations a date and no id. The id of a WebSocket request is in base64. Every repetition is bounded.
 */
const PREFIX =
  /^\s{0,8}(?:(\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d))(?:[\s|]{1,8}|$)(?:[0-9a-f]{32}[\s|]{1,8})?)?(?:\(([\w+/=-]{1,128})\)(?:\s|$)|([A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} [\d:]{8} [A-Z]{1,5} \d{4}) : )?/;

/** What decides stands at the beginning, and API Gateway cuts texts at 1,024 bytes; the rest, be it 1 MB, is not looked at. */
const MAX_HEAD_LENGTH = 2_048;

/**
 * Takes the prefix off a line of an execution log.
 *
 * @param message - The text of one log event, hostile until proven otherwise
 */
export function splitExecutionPrefix(message: string): PrefixedLine {
  const head = message.slice(0, MAX_HEAD_LENGTH);
  const [prefix = '', isoTime = null, requestId = null, testTime = null] = PREFIX.exec(head) ?? [];
  return { requestId, isoTime, testTime, text: head.slice(prefix.length) };
}
