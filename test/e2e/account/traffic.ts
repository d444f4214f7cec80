import { randomUUID } from 'node:crypto';
import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';

/** What one second of a stage looked like. */
export type Traffic = {
  /** Epoch milliseconds of the second's start. */
  readonly secondMs: number;
  readonly requests: number;
  readonly outcome: Outcome;
};

/** How requests ended: the fields of a line that say so. */
export type Outcome = {
  readonly status: number;
  readonly latencyMs: number;
  readonly fields: Readonly<Record<string, string>>;
};

const SUCCESS: Outcome = {
  status: 200,
  latencyMs: 40,
  fields: { integrationStatus: '200', errorType: '-', errorMessage: '-' },
};

/** What a REST API logs when an integration takes longer than 29 s. */
export const TIMEOUT: Outcome = {
  status: 504,
  latencyMs: 29_001,
  fields: {
    integrationStatus: '-',
    errorType: 'INTEGRATION_TIMEOUT',
    errorMessage: 'Endpoint request timed out',
  },
};

/** What an HTTP API logs when the throttle refuses a request. */
export const THROTTLED: Outcome = {
  status: 429,
  latencyMs: 1,
  fields: { integrationStatus: '-', errorType: 'THROTTLED', errorMessage: 'Too Many Requests' },
};

/** Who writes the lines. */
export type Writer = { readonly apiId: string; readonly stage: string };

function accessLine(
  { apiId, stage }: Writer,
  timeMs: number,
  { status, latencyMs, fields }: Outcome,
): string {
  return JSON.stringify({
    requestId: randomUUID(),
    apiId,
    stage,
    requestTimeEpoch: String(timeMs),
    httpMethod: 'GET',
    resourcePath: '/orders/{id}',
    status: String(status),
    responseLength: '312',
    responseLatency: String(latencyMs),
    integrationLatency: status === 200 ? String(latencyMs - 3) : '-',
    ...fields,
  });
}

/** The lines of a stage's access log, spread over each second. */
export function accessLog(writer: Writer, traffic: readonly Traffic[]): InputLogEvent[] {
  return traffic
    .flatMap(({ secondMs, requests, outcome }) =>
      Array.from({ length: requests }, (_, index) => {
        const timestamp = secondMs + Math.floor((index * 1_000) / requests);
        return { timestamp, message: accessLine(writer, timestamp, outcome) };
      }),
    )
    .sort((a, b) => a.timestamp - b.timestamp);
}

/** The same traffic in each second of a time. */
export function steadily(
  fromMs: number,
  seconds: number,
  requestsPerSecond: number,
  outcome: Outcome = SUCCESS,
): Traffic[] {
  return Array.from({ length: seconds }, (_, second) => ({
    secondMs: fromMs + second * 1_000,
    requests: requestsPerSecond,
    outcome,
  }));
}

/** The lines that execution logging at level ERROR writes for one request each. */
export function executionLog(timeMs: number, texts: readonly (readonly string[])[]): InputLogEvent[] {
  return texts.flatMap((lines, index) => {
    const requestId = randomUUID();
    return lines.map((text) => ({ timestamp: timeMs + index, message: `(${requestId}) ${text}` }));
  });
}
