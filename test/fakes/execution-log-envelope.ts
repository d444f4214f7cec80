import type { Envelope, LogEvent } from '#shared/domain/logs/envelope.ts';

/** An event of an execution log; only what matters needs to be said. */
export function executionEvent(index: number, message: string, timestamp: number): LogEvent {
  return { id: String(index).padStart(56, '0'), timestamp, message };
}

/** An envelope of the execution logs of a1b2c3/prod. */
export function executionEnvelope(
  logEvents: readonly LogEvent[],
  differences: Partial<Envelope> = {},
): Envelope {
  return {
    owner: '123456789012',
    logGroup: 'API-Gateway-Execution-Logs_a1b2c3/prod',
    logStream: '0123456789abcdef0123456789abcdef',
    logEvents,
    ...differences,
  };
}
