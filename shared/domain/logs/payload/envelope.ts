import { type LogEvent, type LogEvents, listLogEvents } from '#shared/domain/logs/payload/log-events.ts';
import { decodeText, packedText } from '#shared/domain/logs/payload/packed-text.ts';
import { type PayloadBytes, scanPayload } from '#shared/domain/logs/payload/scan-payload.ts';

/** One subscription payload: some events of one log stream in one log group. */
export type Envelope = {
  /** The account that the log group belongs to. */
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: LogEvents;
};

/** A payload with events, a probe of CloudWatch Logs without any, or neither. */
export type ParsedEnvelope =
  | { readonly kind: 'data'; readonly envelope: Envelope }
  | { readonly kind: 'control' }
  | { readonly kind: 'invalid'; readonly reason: string };

type Payload = Partial<Record<string, unknown>>;

function isLogEvent(value: unknown): value is LogEvent {
  const event = value as Partial<LogEvent> | null;
  return (
    typeof event?.id === 'string' && typeof event.timestamp === 'number' && typeof event.message === 'string'
  );
}

function parseJson(text: string): Payload | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Payload) : null;
  } catch {
    return null;
  }
}

/** The fields of a payload; its events as they were scanned, `null` where they are still among the fields. */
type ReadPayload = { readonly fields: Payload | null; readonly scanned: LogEvents | null };

function readPayload(bytes: PayloadBytes): ReadPayload {
  const scanned = scanPayload(bytes);
  const frame = scanned === null ? null : parseJson(scanned.frame);
  // Else the list that was scanned lies deeper, or the payload is no JSON.
  if (scanned !== null && Array.isArray(frame?.['logEvents']))
    return { fields: frame, scanned: scanned.logEvents };
  return { fields: parseJson(decodeText(packedText(bytes), 0, bytes.length)), scanned: null };
}

function listEvents(events: unknown): LogEvents | string {
  if (!Array.isArray(events)) return 'logEvents is missing';
  return events.every(isLogEvent) ? listLogEvents(events) : 'an event lacks id, timestamp or message';
}

/**
 * Reads a subscription payload. The reason of an invalid one names what is missing and holds nothing of the content.
 *
 * @param bytes - JSON in UTF-8
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html}
 */
export function parseEnvelope(bytes: PayloadBytes): ParsedEnvelope {
  const { fields, scanned } = readPayload(bytes);
  if (fields === null) return { kind: 'invalid', reason: 'payload is not a JSON object' };
  const { messageType, owner, logGroup, logStream } = fields;
  if (typeof messageType !== 'string') return { kind: 'invalid', reason: 'messageType is missing' };
  if (messageType !== 'DATA_MESSAGE') return { kind: 'control' };
  if (typeof owner !== 'string') return { kind: 'invalid', reason: 'owner is missing' };
  if (typeof logGroup !== 'string') return { kind: 'invalid', reason: 'logGroup is missing' };
  if (typeof logStream !== 'string') return { kind: 'invalid', reason: 'logStream is missing' };
  const logEvents = scanned ?? listEvents(fields['logEvents']);
  if (typeof logEvents === 'string') return { kind: 'invalid', reason: logEvents };
  return { kind: 'data', envelope: { owner, logGroup, logStream, logEvents } };
}
