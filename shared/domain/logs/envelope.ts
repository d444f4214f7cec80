/** One event of a log stream. */
export type LogEvent = {
  /** Unique among the events of an account. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
};

/** One subscription payload: some events of one log stream in one log group. */
export type Envelope = {
  /** The account that the log group belongs to. */
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: readonly LogEvent[];
};

/** A payload with events, a probe of CloudWatch Logs without any, or neither. */
export type ParsedEnvelope =
  | { readonly kind: 'data'; readonly envelope: Envelope }
  | { readonly kind: 'control' }
  | { readonly kind: 'invalid'; readonly reason: string };

function isLogEvent(value: unknown): value is LogEvent {
  const event = value as Partial<LogEvent> | null;
  return (
    typeof event?.id === 'string' && typeof event.timestamp === 'number' && typeof event.message === 'string'
  );
}

function parseJson(text: string): Partial<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Partial<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/**
 * Reads the decoded text of a subscription payload.
 * The reason of an invalid one names what is missing and holds nothing of the content.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html}
 */
export function parseEnvelope(text: string): ParsedEnvelope {
  const payload = parseJson(text);
  if (payload === null) return { kind: 'invalid', reason: 'payload is not a JSON object' };
  const { messageType, owner, logGroup, logStream, logEvents } = payload;
  if (typeof messageType !== 'string') return { kind: 'invalid', reason: 'messageType is missing' };
  if (messageType !== 'DATA_MESSAGE') return { kind: 'control' };
  if (typeof owner !== 'string') return { kind: 'invalid', reason: 'owner is missing' };
  if (typeof logGroup !== 'string') return { kind: 'invalid', reason: 'logGroup is missing' };
  if (typeof logStream !== 'string') return { kind: 'invalid', reason: 'logStream is missing' };
  if (!Array.isArray(logEvents)) return { kind: 'invalid', reason: 'logEvents is missing' };
  if (!logEvents.every(isLogEvent))
    return { kind: 'invalid', reason: 'an event lacks id, timestamp or message' };
  return { kind: 'data', envelope: { owner, logGroup, logStream, logEvents } };
}
