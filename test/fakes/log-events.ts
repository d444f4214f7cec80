import type { ParsedEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { toLogEventList } from '#shared/domain/logs/payload/log-events.ts';

/** What was parsed, with its events as plain values, so that it can be compared. */
export function withEvents(parsed: ParsedEnvelope) {
  if (parsed.kind !== 'data') return parsed;
  const { envelope } = parsed;
  return { kind: 'data', envelope: { ...envelope, logEvents: toLogEventList(envelope.logEvents) } };
}
