import { type ListedEvent, parseListedEvents } from '#cli/input/listed-events.ts';
import type { SourceEvent, Watch } from '#cli/input/source-event.ts';
import { type JsonObject, splitJsonObjects } from '#cli/input/split-json-objects.ts';
import { decodePayload, MAX_DECODED_BYTES } from '#shared/adapters/zlib-decode-payload.ts';
import { type Envelope, type ParsedEnvelope, parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { type LogEvent, toLogEventList } from '#shared/domain/logs/payload/log-events.ts';

const WORDS = {
  cut: 'it is cut',
  'too-long': `it is longer than ${MAX_DECODED_BYTES / 1_048_576} MB`,
  'not-json': 'this is no JSON object',
} as const;

/** The latest time that JavaScript can tell. */
const MAX_TIME_MS = 8.64e15;

/** Stands in every subscription event, as Lambda gets it; the payload in it is packed. */
const EVENT_KEY = /"awslogs"\s{0,9}:/;

/** A list of events begins so, as the AWS CLI prints it. */
const LIST_KEY = /^\{\s{0,99}"events"\s{0,9}:/;

/** How deep an event may be in another document. */
const MAX_DEPTH = 4;

function invalid(reason: string): Extract<ParsedEnvelope, { kind: 'invalid' }> {
  return { kind: 'invalid', reason };
}

/** The data of the first subscription event in a document; `null` if there is none. */
function findData(document: unknown, depth = 0): string | null {
  if (typeof document !== 'object' || document === null || depth > MAX_DEPTH) return null;
  const { awslogs } = document as { awslogs?: { data?: unknown } | null };
  if (typeof awslogs?.data === 'string') return awslogs.data;
  for (const value of Object.values(document)) {
    const data = findData(value, depth + 1);
    if (data !== null) return data;
  }
  return null;
}

/** `null` for a text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function unpack(event: string): Promise<ParsedEnvelope> {
  const data = findData(parseJson(event));
  if (data === null) return invalid('awslogs.data is missing');
  try {
    return parseEnvelope(await decodePayload(data));
  } catch {
    return invalid('awslogs.data is not base64 of gzip, or is cut');
  }
}

/** All events, before the first is given away; `null` if the message of one cannot be read. */
function eventsOf({ logEvents }: Envelope): readonly LogEvent[] | null {
  try {
    return toLogEventList(logEvents);
  } catch {
    return null;
  }
}

async function parse(object: JsonObject): Promise<ParsedEnvelope> {
  if (!object.ok) return invalid(WORDS[object.reason]);
  const parsed = parseEnvelope(Buffer.from(object.text));
  // What stands in the events of a payload is no event.
  return parsed.kind === 'invalid' && EVENT_KEY.test(object.text) ? unpack(object.text) : parsed;
}

/** An event with where it comes from. */
type FoundEvent = ListedEvent & { readonly logGroup: string | null };

type Opened =
  | { readonly kind: 'data'; readonly isPayload: boolean; readonly events: readonly FoundEvent[] }
  | Exclude<ParsedEnvelope, { kind: 'data' }>;

/** The events of a list, if the text is one. Those without an id get one of their place. */
function openList(text: string, place: string): Opened | null {
  const listed = parseListedEvents(parseJson(text));
  if (listed === null) return null;
  const events = listed.map((event, index) => ({
    ...event,
    id: event.id === '' ? `${place}:${index + 1}` : event.id,
    logGroup: null,
  }));
  return { kind: 'data', isPayload: false, events };
}

async function open(object: JsonObject, source: string): Promise<Opened> {
  const list =
    object.ok && LIST_KEY.test(object.text) ? openList(object.text, `${source}:${object.line}`) : null;
  if (list !== null) return list;
  const parsed = await parse(object);
  if (parsed.kind !== 'data') return parsed;
  const { logGroup, logStream } = parsed.envelope;
  const events = eventsOf(parsed.envelope);
  return events === null
    ? invalid('an event is no JSON')
    : { kind: 'data', isPayload: true, events: events.map((event) => ({ ...event, logGroup, logStream })) };
}

function toTime(timestamp: number): number | null {
  return Number.isSafeInteger(timestamp) && timestamp >= 0 && timestamp <= MAX_TIME_MS ? timestamp : null;
}

/**
 * Reads the log events of subscription payloads, packed as Lambda gets them or decoded as Firehose and Kinesis give them,
 * and of lists that the AWS CLI prints.
 * A payload is read whole or not at all; control messages are left out. Of those that cannot be read the first is told
 * with line and reason, the others by their number.
 *
 * @param source - Name of the file
 */
export async function* readPayloads(
  source: string,
  chunks: AsyncIterable<Buffer>,
  { onProblem }: Pick<Watch, 'onProblem'>,
): AsyncGenerator<SourceEvent> {
  let payload = 0;
  let unreadable = 0;
  for await (const object of splitJsonObjects(chunks, MAX_DECODED_BYTES)) {
    const opened = await open(object, source);
    const { line } = object;
    payload += 1;
    if (opened.kind === 'invalid') {
      unreadable += 1;
      if (unreadable === 1)
        onProblem(`${source}: the payload at line ${line} cannot be read: ${opened.reason}`);
    }
    if (opened.kind !== 'data') continue;
    for (const { id: eventId, timestamp, message: text, logGroup, logStream } of opened.events) {
      const place = {
        source,
        line,
        eventId,
        logGroup,
        logStream,
        payload: opened.isPayload ? payload : null,
      };
      yield { ...place, text, timestampMs: toTime(timestamp) };
    }
  }
  if (unreadable > 1) onProblem(`${source}: ${unreadable - 1} more payloads cannot be read`);
}
