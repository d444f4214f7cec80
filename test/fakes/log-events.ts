import type { ParsedEnvelope } from '#shared/domain/logs/envelope.ts';
import type { LogEvent, LogEvents } from '#shared/domain/logs/log-events.ts';

/** All events as plain values. */
export function toArray(events: LogEvents): LogEvent[] {
  return Array.from({ length: events.count }, (_, place) => ({
    id: events.id(place),
    timestamp: events.timestamp(place),
    message: events.message(place),
  }));
}

/** What was parsed, with its events as plain values, so that it can be compared. */
export function withEvents(parsed: ParsedEnvelope) {
  if (parsed.kind !== 'data') return parsed;
  const { envelope } = parsed;
  return { kind: 'data', envelope: { ...envelope, logEvents: toArray(envelope.logEvents) } };
}
