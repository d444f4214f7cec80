import { parseTime } from '#shared/domain/logs/access/parse-time.ts';
import { type PrefixedLine, splitExecutionPrefix } from '#shared/domain/logs/execution/execution-prefix.ts';
import { readExecutionFacts } from '#shared/domain/logs/execution/read-execution-facts.ts';
import { type ExecutionEvent, TRUNCATED } from '#shared/domain/logs/stories/read-story-line.ts';

/** What became of the lines of a file that begin no event. */
export type JoinCounts = {
  /** Continue the event before. */
  continuations: number;
  /** Of those, left out: the event was long enough. */
  leftOut: number;
};

/** Turns the lines of one file into events, in the order of the file. */
export type ExecutionLineJoiner = {
  /**
   * @param text - Without line break
   * @param lineNumber - From 1
   * @returns The event before, once a line begins the next one
   */
  readonly add: (text: string, lineNumber: number) => ExecutionEvent | null;
  /** Whether a line would continue the event before; `left-out` if that is too long already. */
  readonly continues: (text: string) => boolean | 'left-out';
  /** The last event, which no line continues; `null` without any. */
  readonly end: () => ExecutionEvent | null;
  readonly counts: JoinCounts;
};

/** What a line begins with: an ISO time with or without id, an id, the date of a test invocation, or none of them. */
type Style = 'iso' | 'id' | 'date' | 'none';

/** An event of which lines may still come. */
type Draft = {
  readonly lineNumber: number;
  readonly style: Style;
  readonly requestId: string | null;
  text: string;
  isCut: boolean;
};

/** API Gateway cuts texts at 1,024 bytes, so that a body does not get as long. */
const MAX_EVENT_LENGTH = 4_096;

/** A zone other than UTC is not known from its letters. */
const TEST_TIME = /^\w{3} (?<month>\w{3}) (?<day>\d{1,2}) (?<time>[\d:]{8}) (?:UTC|GMT) (?<year>\d{4})$/;

function styleOf({ isoTime, requestId, testTime }: PrefixedLine): Style {
  if (isoTime !== null) return 'iso';
  if (requestId !== null) return 'id';
  return testTime === null ? 'none' : 'date';
}

function timeOf({ isoTime, testTime }: PrefixedLine): number | null {
  if (isoTime !== null) return parseTime(isoTime);
  const date = TEST_TIME.exec(testTime ?? '')?.groups;
  if (date === undefined) return null;
  return parseTime(`${date['day']}/${date['month']}/${date['year']}:${date['time']} +0000`);
}

/** True if nothing of others can follow: then a line without prefix is a line of its own. */
function isWhole({ text }: Draft): boolean {
  return readExecutionFacts(splitExecutionPrefix(text).text, text)?.isWhole === true;
}

/** What API Gateway makes ids of: UUIDs, and for WebSocket APIs base64. */
const REQUEST_ID =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w+/-]{8,40}={1,2}|UUID_REPLACED_INVALID_REQUEST_ID)$/i;

/** A word in parentheses is no id unless it looks like one, or is that of the event before. */
function isOfFile(draft: Draft, style: Style, requestId: string | null): boolean {
  if (style !== draft.style || style === 'none') return false;
  return style !== 'id' || requestId === draft.requestId || REQUEST_ID.test(requestId ?? '');
}

/**
 * A line with the kind of prefix that the file has begins an event, and one without continues the event before, unless
 * that cannot be. One with a prefix of another kind continues it as well: a body may quote any line. Only where the
 * event is longer than a body gets have two files been put together.
 */
function continues(draft: Draft, style: Style, requestId: string | null): boolean {
  if (isOfFile(draft, style, requestId)) return false;
  if (style !== 'none' && draft.isCut) return false;
  return !isWhole(draft);
}

function toEvent(stream: string, { lineNumber, text, isCut }: Draft): ExecutionEvent {
  return {
    id: `${stream}:${lineNumber}`,
    timestampMs: timeOf(splitExecutionPrefix(text)),
    message: isCut && !text.endsWith(TRUNCATED) ? `${text}${TRUNCATED}` : text,
    logGroup: null,
    stream,
  };
}

/**
 * Makes a joiner for one file. What stays open: a line of a body that begins just like the lines of its file, such as
 * `(id) …` with a UUID in a file without times, is taken for an event. With another id it makes a story of its own,
 * which is incomplete unless the body quotes a whole request; events from CloudWatch Logs leave no such doubt.
 *
 * @param stream - Name of the file, which ids of events begin with
 */
export function createExecutionLineJoiner(stream: string): ExecutionLineJoiner {
  const counts: JoinCounts = { continuations: 0, leftOut: 0 };
  let draft: Draft | null = null;
  const append = (to: Draft, text: string): void => {
    counts.continuations += 1;
    if (to.text.length + text.length >= MAX_EVENT_LENGTH) to.isCut = true;
    if (to.isCut) counts.leftOut += 1;
    else to.text += `\n${text}`;
  };
  const end = (): ExecutionEvent | null => {
    const event = draft === null ? null : toEvent(stream, draft);
    draft = null;
    return event;
  };
  const continuesDraft = (text: string): boolean | 'left-out' => {
    if (draft === null) return false;
    const prefix = splitExecutionPrefix(text);
    if (!continues(draft, styleOf(prefix), prefix.requestId)) return false;
    return draft.isCut ? 'left-out' : true;
  };
  const add = (text: string, lineNumber: number): ExecutionEvent | null => {
    const prefix = splitExecutionPrefix(text);
    const style = styleOf(prefix);
    if (draft !== null && continues(draft, style, prefix.requestId)) {
      append(draft, text);
      return null;
    }
    const event = end();
    draft = { lineNumber, style, requestId: prefix.requestId, text, isCut: false };
    return event;
  };
  return { add, continues: continuesDraft, end, counts };
}
