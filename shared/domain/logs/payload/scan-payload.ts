import { fixedText, isFixedTextAt } from '#shared/domain/logs/payload/fixed-text.ts';
import type { LogEvents } from '#shared/domain/logs/payload/log-events.ts';
import {
  decodeDigits,
  decodeText,
  findDigitsEnd,
  type PackedText,
  packedText,
} from '#shared/domain/logs/payload/packed-text.ts';

/** Bytes that can be searched for text, as Node's `Buffer` can: natively, and so many times faster than in a loop. */
export type PayloadBytes = Uint8Array & {
  indexOf(searched: string | number, from?: number): number;
};

/** A payload whose events were found without parsing them. */
export type ScannedPayload = {
  /** The JSON around the events, with an empty list in their place; not yet known to be valid. */
  readonly frame: string;
  readonly logEvents: LogEvents;
};

const LIST_BEGINS = '"logEvents":[';
const EVENT_BEGINS = fixedText('{"id":"');
/** Within a JSON string every quote has a backslash before it, so this stands between two events and nowhere else. */
const EVENT_FOLLOWS = '},{"id":"';
const AFTER_ID = fixedText('","timestamp":');
const AFTER_TIMESTAMP = fixedText(',"message":"');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSING_BRACE = 0x7d;
const CLOSING_BRACKET = 0x5d;

/** An event in a payload turns out to be none when its message is asked for. It holds nothing of the payload. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/** Where the parts of the events begin and end. */
type Offsets = {
  readonly idStarts: number[];
  readonly idEnds: number[];
  readonly timestamps: number[];
  readonly starts: number[];
  readonly ends: number[];
};

/**
 * Takes one event apart that lies between `start` and its closing brace at `end`.
 *
 * @returns False for anything but id and timestamp, both of digits, and message, in this order and without blanks
 */
function scanEvent(text: PackedText, start: number, end: number, offsets: Offsets): boolean {
  if (!isFixedTextAt(EVENT_BEGINS, text, start, end)) return false;
  const idStart = start + EVENT_BEGINS.bytes.length;
  const idEnd = findDigitsEnd(text, idStart);
  if (!isFixedTextAt(AFTER_ID, text, idEnd, end)) return false;
  const timestampStart = idEnd + AFTER_ID.bytes.length;
  const timestampEnd = findDigitsEnd(text, timestampStart);
  const timestamp = decodeDigits(text, timestampStart, timestampEnd);
  if (timestamp === null || !isFixedTextAt(AFTER_TIMESTAMP, text, timestampEnd, end - 1)) return false;
  if (text.bytes[end - 1] !== QUOTE) return false;
  offsets.idStarts.push(idStart);
  offsets.idEnds.push(idEnd);
  offsets.timestamps.push(timestamp);
  offsets.starts.push(timestampEnd + AFTER_TIMESTAMP.bytes.length);
  offsets.ends.push(end - 1);
  return true;
}

/** The closing brace of the last event, whose message is read to its end for that. */
function findLastEnd(text: PackedText, start: number): number {
  const { bytes } = text;
  const idEnd = findDigitsEnd(text, start + EVENT_BEGINS.bytes.length);
  const timestampEnd = findDigitsEnd(text, idEnd + AFTER_ID.bytes.length);
  let at = timestampEnd + AFTER_TIMESTAMP.bytes.length;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at + 1, bytes.length);
}

/** @returns Where the list ends; `null` if an event looks unusual */
function scanEvents(
  bytes: PayloadBytes,
  text: PackedText,
  listStart: number,
  offsets: Offsets,
): number | null {
  if (bytes[listStart] === CLOSING_BRACKET) return listStart;
  let start = listStart;
  for (;;) {
    const next = bytes.indexOf(EVENT_FOLLOWS, start);
    const end = next === -1 ? findLastEnd(text, start) : next;
    if (!scanEvent(text, start, end, offsets)) return null;
    if (next !== -1) start = next + 2;
    else return bytes[end] === CLOSING_BRACE && bytes[end + 1] === CLOSING_BRACKET ? end + 1 : null;
  }
}

/**
 * An event that holds more than a message, or no valid one, is found to be such only here.
 *
 * @throws {MalformedEventError} If it is no text; without the cause, which quotes it
 */
function decodeMessage(text: PackedText, { starts, ends }: Offsets, place: number): string {
  const rest = decodeText(text, (starts[place] ?? 0) - 1, (ends[place] ?? 0) + 1);
  try {
    const { message } = JSON.parse(`{"message":${rest}}`) as { readonly message: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Said below, in words that hold nothing of it.
  }
  throw new MalformedEventError(`The message of event ${place} is no JSON text`);
}

/**
 * Finds the events of a payload without parsing it: in the form in which CloudWatch Logs writes it, without blanks and
 * with the fields of an event in their documented order.
 *
 * @returns `null` for any other form; it has to be parsed
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html}
 */
export function scanPayload(bytes: PayloadBytes): ScannedPayload | null {
  const found = bytes.indexOf(LIST_BEGINS);
  if (found === -1) return null;
  const text = packedText(bytes);
  const listStart = found + LIST_BEGINS.length;
  const offsets: Offsets = { idStarts: [], idEnds: [], timestamps: [], starts: [], ends: [] };
  const listEnd = scanEvents(bytes, text, listStart, offsets);
  // A second list of that name would leave open which one is meant.
  if (listEnd === null || bytes.indexOf(LIST_BEGINS, listEnd) !== -1) return null;
  const { idStarts, idEnds, timestamps, starts, ends } = offsets;
  return {
    frame: decodeText(text, 0, listStart) + decodeText(text, listEnd, bytes.length),
    logEvents: {
      count: starts.length,
      id: (place) => decodeText(text, idStarts[place] ?? 0, idEnds[place] ?? 0),
      timestamp: (place) => timestamps[place] ?? 0,
      message: (place) => decodeMessage(text, offsets, place),
      packed: { text, starts, ends },
    },
  };
}
