import {
  type AccessLogField,
  type AccessLogFields,
  isAbsent,
} from '#shared/domain/logs/access/access-log-fields.ts';
import { routeFields } from '#shared/domain/logs/access/route-fields.ts';

/** What the parts of a line look like in the formats that name nothing, CLF and CSV. A part without value is `-`. */
export const PARTS = {
  time: String.raw`\d{1,2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}`,
  method: '[A-Z]{1,16}|-',
  eventType: 'CONNECT|MESSAGE|DISCONNECT|-',
  protocol: String.raw`HTTP/\d(?:\.\d)?|-`,
  status: String.raw`[1-5]\d\d|-`,
  connectionId: '[A-Za-z0-9_+/-]{1,127}=|-',
  length: String.raw`\d{1,15}|-`,
  /** A UUID, what stands for one that a client made up, or the id that HTTP and WebSocket APIs have instead. */
  requestId:
    '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|UUID_REPLACED_INVALID_REQUEST_ID|[A-Za-z0-9_+/-]{1,127}=',
  extendedRequestId: '[A-Za-z0-9_+/-]{1,127}=|-',
} as const;

/** A format without names. Every repetition in the patterns is bounded, so that no line takes long. */
export type UnnamedFormat = {
  /** Captures the time; has the flag `g`. */
  readonly time: RegExp;
  /** What follows the time for REST and HTTP APIs: captures method, path or route key, status, length and both ids. */
  readonly request: RegExp;
  /** The same for WebSocket APIs: captures type of event, route key, id of the connection, status and id. */
  readonly message: RegExp;
};

const FIRST_PART = /^[^ ,]{1,128}(?=[ ,])/;
const EXTENDED_REQUEST_ID = new RegExp(`^(?:${PARTS.extendedRequestId})$`);

type SplitLine = { readonly before: string; readonly time: string; readonly after: string };

/**
 * Splits a line at its time: no name of a user shifts what stands behind it. Of two times, one may be forged.
 */
function splitAtTime(line: string, pattern: RegExp): SplitLine | null {
  pattern.lastIndex = 0;
  const match = pattern.exec(line);
  if (match === null) return null;
  // What ends one time may begin the next.
  pattern.lastIndex -= 1;
  if (pattern.test(line)) return null;
  const [text, time = ''] = match;
  return { before: line.slice(0, match.index), time, after: line.slice(match.index + text.length) };
}

/** The extended request id stands first in AWS's example for CloudFormation. */
function leadingId(before: string): string | undefined {
  const [first = ''] = FIRST_PART.exec(before) ?? [];
  return EXTENDED_REQUEST_ID.test(first) ? first : undefined;
}

function present(parts: Partial<Record<AccessLogField, string | undefined>>): AccessLogFields {
  const fields: AccessLogFields = {};
  for (const [field, text] of Object.entries(parts) as [AccessLogField, string | undefined][]) {
    if (text !== undefined && !isAbsent(text)) fields[field] = text;
  }
  return fields;
}

function readRequest([, ...parts]: RegExpExecArray, keepsPath: boolean): AccessLogFields {
  const [httpMethod, subject = '', status, responseLength, requestId, extendedRequestId] = parts;
  const facts = { httpMethod, status, responseLength, requestId, extendedRequestId };
  return { ...routeFields(subject, keepsPath), ...present(facts) };
}

function readMessage([, ...parts]: RegExpExecArray): AccessLogFields {
  const [eventType, routeKey, connectionId, status, requestId] = parts;
  return present({ eventType, routeKey, connectionId, status, requestId });
}

/**
 * Reads a line of a format without names by the parts whose form is certain: time, method, status and ids.
 *
 * @param keepsPath - Whether a raw path in the place of the route is a fact
 * @returns `null` if it is not of the format
 */
export function readUnnamedParts(
  line: string,
  { time, request, message }: UnnamedFormat,
  keepsPath: boolean,
): AccessLogFields | null {
  const split = splitAtTime(line, time);
  if (split === null) return null;
  const leading = present({ extendedRequestId: leadingId(split.before), time: split.time });
  const asRequest = request.exec(split.after);
  if (asRequest !== null) return { ...leading, ...readRequest(asRequest, keepsPath) };
  const asMessage = message.exec(split.after);
  return asMessage === null ? null : { ...leading, ...readMessage(asMessage) };
}
