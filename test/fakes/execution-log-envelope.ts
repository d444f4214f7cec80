import type { Envelope } from '#shared/domain/logs/payload/envelope.ts';
import { type LogEvent, listLogEvents } from '#shared/domain/logs/payload/log-events.ts';

/** An event of an execution log; only what matters needs to be said. */
export function executionEvent(index: number, message: string, timestamp: number): LogEvent {
  return { id: String(index).padStart(56, '0'), timestamp, message };
}

/**
 * An envelope of the execution logs of a1b2c3/prod, from a group with the name that AWS documents for REST stages. Those
 * of WebSocket stages may come from `/aws/apigateway/a1b2c3/prod`: uncertain, so both are read.
 */
export function executionEnvelope(
  logEvents: readonly LogEvent[],
  differences: Partial<Envelope> = {},
): Envelope {
  return {
    owner: '123456789012',
    logGroup: 'API-Gateway-Execution-Logs_a1b2c3/prod',
    logStream: '0123456789abcdef0123456789abcdef',
    logEvents: listLogEvents(logEvents),
    ...differences,
  };
}
