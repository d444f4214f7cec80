/** What a subscription event, the payload in it, and a list of events of the AWS CLI may begin with: JSON tools sort keys. */
const FIRST_KEYS = [
  'awslogs',
  'events',
  'logEvents',
  'logGroup',
  'logStream',
  'messageType',
  'owner',
  'policyLevel',
  'subscriptionFilters',
] as const;

const LINE_STARTS: ReadonlySet<string> = new Set(FIRST_KEYS.map((key) => `{"${key}":`));

/** Longer than any beginning of a line that {@link startsPayload} knows. */
export const LINE_START_LENGTH = Math.max(...[...LINE_STARTS].map(({ length }) => length));

const FIRST_KEY = new RegExp(
  `^\\uFEFF?\\s{0,99}\\{\\s{0,99}"(${FIRST_KEYS.join('|')})"\\s{0,9}:\\s{0,9}(.?)`,
);
const MESSAGE_TYPE = /"messageType"\s{0,9}:\s{0,9}"(?:DATA|CONTROL)_MESSAGE"/;

/** A subscription event inside of another document, such as a saved test event; its data is gzip, which begins so. */
const WRAPPED_EVENT =
  /^\uFEFF?\s{0,99}\{[^}]{0,1000}"awslogs"\s{0,9}:\s{0,9}\{\s{0,99}"data"\s{0,9}:\s{0,9}"H4sI/;

/** This much of a file tells it: names of groups, streams and filters have up to 512 characters each. */
export const PAYLOAD_PROBE_BYTES = 8_192;

/**
 * Whether a file holds subscription payloads, and not lines of a log. The whole file is one or the other, so that no text
 * in a log can pass for a payload.
 *
 * @param start - The beginning of the file, up to {@link PAYLOAD_PROBE_BYTES}
 */
export function holdsPayloads(start: string): boolean {
  const [, key, value] = FIRST_KEY.exec(start) ?? [];
  if (key === 'awslogs') return value === '{';
  if (key === 'logEvents' || key === 'events') return value === '[';
  if (key !== undefined) return MESSAGE_TYPE.test(start);
  return WRAPPED_EVENT.test(start);
}

/**
 * Whether a line that begins so is the first of a payload, although the one before has not ended: then that one was cut.
 * It cannot be text of a log: that has no line breaks within JSON.
 *
 * @param lineStart - The line from its first character to its first colon outside of a text
 */
export function startsPayload(lineStart: string): boolean {
  return LINE_STARTS.has(lineStart);
}
