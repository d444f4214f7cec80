import { gzipSync } from 'node:zlib';
import type { CloudWatchLogsEvent, EventBridgeEvent } from 'aws-lambda';
import { ACCOUNT_ID, REGION } from '#test/infra/template.ts';

const MINUTE_MS = 60_000;

/** One request as a JSON access log tells it. */
type LoggedRequest = { readonly timeMs: number; readonly status: number; readonly latencyMs: number };

/** A line of the format that the documentation recommends for a REST API; a request without backend was refused. */
function accessLogLine({ timeMs, status, latencyMs }: LoggedRequest, index: number): string {
  const isThrottled = status === 429;
  return JSON.stringify({
    requestId: `c6af9ac6-7b61-11e6-9a41-${String(index).padStart(12, '0')}`,
    ip: '203.0.113.7',
    requestTimeEpoch: timeMs,
    httpMethod: 'GET',
    resourcePath: '/orders/{id}',
    apiId: 'a1b2c3',
    stage: 'prod',
    status: String(status),
    protocol: 'HTTP/1.1',
    responseLength: '512',
    responseLatency: String(latencyMs),
    integrationLatency: isThrottled ? '-' : String(latencyMs - 5),
    integrationStatus: isThrottled ? '-' : String(status),
    errorResponseType: isThrottled ? 'THROTTLED' : '-',
  });
}

/** A minute that every evaluation takes as complete, and none as old. */
export function recentMinuteMs(): number {
  return Math.floor(Date.now() / MINUTE_MS - 4) * MINUTE_MS;
}

/** Seven requests within two seconds of a minute: five good, one failed, one refused. */
export function someRequests(minuteMs: number): LoggedRequest[] {
  const at = (offsetMs: number, status: number, latencyMs: number) => ({
    timeMs: minuteMs + offsetMs,
    status,
    latencyMs,
  });
  return [at(0, 200, 20), at(1, 200, 30), at(999, 200, 40), at(30_000, 200, 50), at(30_500, 200, 60)].concat(
    at(30_900, 502, 900),
    at(30_901, 429, 1),
  );
}

/** What CloudWatch Logs hands over for some requests; equal requests make an equal event. */
export function logsEvent(requests: readonly LoggedRequest[]): CloudWatchLogsEvent {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: ACCOUNT_ID,
    logGroup: '/aws/apigateway/orders-api',
    logStream: '1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f',
    subscriptionFilters: ['gatewatch'],
    logEvents: requests.map((request, index) => ({
      id: String(index).padStart(56, '3'),
      timestamp: request.timeMs,
      message: accessLogLine(request, index),
    })),
  };
  return { awslogs: { data: gzipSync(JSON.stringify(envelope)).toString('base64') } };
}

/** An event as EventBridge hands it over. */
export function busEvent<T>(source: string, type: string, detail: T): EventBridgeEvent<string, T> {
  return {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    'detail-type': type,
    source,
    account: ACCOUNT_ID,
    time: new Date().toISOString(),
    region: REGION,
    resources: [],
    detail,
  };
}

/** What a schedule hands over. */
export function scheduledEvent(): EventBridgeEvent<string, Record<string, never>> {
  return busEvent('aws.events', 'Scheduled Event', {});
}
