import { gzipSync } from 'node:zlib';
import type {
  CloudFormationCustomResourceEvent,
  CloudWatchLogsEvent,
  EventBridgeEvent,
  SQSEvent,
} from 'aws-lambda';
import { encodeParkedChunk } from '#shared/adapters/parked-chunk-message.ts';
import { requests } from '#test/fakes/metric-data.ts';
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

type LoggedLine = { readonly timeMs: number; readonly message: string };

/** What CloudWatch Logs hands over for some lines; equal lines make an equal event. */
function linesEvent(logGroup: string, lines: readonly LoggedLine[]): CloudWatchLogsEvent {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: ACCOUNT_ID,
    logGroup,
    logStream: '1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f',
    subscriptionFilters: ['gatewatch'],
    logEvents: lines.map(({ timeMs, message }, index) => ({
      id: String(index).padStart(56, '3'),
      timestamp: timeMs,
      message,
    })),
  };
  return { awslogs: { data: gzipSync(JSON.stringify(envelope)).toString('base64') } };
}

/** Access logs of some requests. */
export function logsEvent(
  logged: readonly LoggedRequest[],
  logGroup = '/aws/apigateway/orders-api',
): CloudWatchLogsEvent {
  const lines = logged.map((request, index) => ({
    timeMs: request.timeMs,
    message: accessLogLine(request, index),
  }));
  return linesEvent(logGroup, lines);
}

/** Execution logs of one request that timed out. */
export function executionLogsEvent(minuteMs: number): CloudWatchLogsEvent {
  const message = '(c6af9ac6-7b61-11e6-9a41-93e8deadbeef) Execution failed due to a timeout error';
  return linesEvent('API-Gateway-Execution-Logs_a1b2c3/prod', [{ timeMs: minuteMs, message }]);
}

/** One request of a minute as parked metric data, as the queue hands it over. */
export function parkedEvent(minuteMs: number): SQSEvent {
  const body = encodeParkedChunk({
    key: 'ab'.repeat(32),
    chunkIndex: 1,
    planHash: 'plan',
    receivedAtMs: minuteMs,
    data: [requests({ timestampMs: minuteMs })],
  });
  return queueEvent(body);
}

/** A message as the queue hands it over. */
export function queueEvent(body: string): SQSEvent {
  const attributes = {
    ApproximateReceiveCount: '1',
    SentTimestamp: '1',
    SenderId: 'AIDA',
    ApproximateFirstReceiveTimestamp: '1',
  };
  const record = {
    ...{
      messageId: '059f36b4',
      receiptHandle: 'AQEB',
      body,
      attributes,
      messageAttributes: {},
      md5OfBody: '',
    },
    ...{ eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:us-east-1:1:any', awsRegion: REGION },
  };
  return { Records: [record] };
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

/** What CloudFormation hands over when a stack with a custom resource is made. */
export function creationEvent(functionArn: string, responseUrl: string): CloudFormationCustomResourceEvent {
  return {
    RequestType: 'Create',
    ServiceToken: functionArn,
    ResponseURL: responseUrl,
    StackId: `arn:aws:cloudformation:${REGION}:${ACCOUNT_ID}:stack/gatewatch-prod/5b918d10-cd98-11ea-90d5-0a9cd3354c10`,
    RequestId: '5b918d10-cd98-11ea-90d5-0a9cd3354c11',
    LogicalResourceId: 'LogGroupSubscriptions',
    ResourceType: 'Custom::LogGroupSubscriptions',
    ResourceProperties: { ServiceToken: functionArn },
  };
}

/** What a schedule hands over. */
export function scheduledEvent(): EventBridgeEvent<string, Record<string, never>> {
  return busEvent('aws.events', 'Scheduled Event', {});
}
