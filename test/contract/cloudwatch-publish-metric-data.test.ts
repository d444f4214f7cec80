import { Agent } from 'node:http';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPublishMetricData } from '#shared/adapters/cloudwatch-publish-metric-data.ts';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import type { PublishMetricData } from '#shared/application/ports.ts';
import { clientConfig, jsonError } from '#test/fakes/aws-protocol.ts';
import { type CloudWatchServer, startCloudWatch } from '#test/fakes/cloudwatch-server.ts';
import { type Reply, refusingUrl } from '#test/fakes/http-server.ts';
import { query, RANGE, requests, START_MS } from '#test/fakes/metric-data.ts';

const CHUNK = [requests({ values: [5] })];

/** As CloudWatch says it to clients that know the codes of its former protocol. */
function queryError(status: number, type: string, code: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-error': `${code};Sender` },
    body: JSON.stringify({ __type: `com.amazonaws.cloudwatch.v2010_08_01#${type}`, message: 'a message' }),
  };
}

const NOT_COUNTED: readonly (readonly [string, Reply])[] = [
  ['400 ThrottlingException', jsonError(400, 'ThrottlingException', 'Rate exceeded')],
  ['400 Throttling, the former code', queryError(400, 'ThrottlingException', 'Throttling')],
  ...['RequestLimitExceeded', 'RequestThrottled', 'ThrottledException', 'LimitExceededException'].map(
    (code) => [`400 ${code}`, jsonError(400, code)] as const,
  ),
  ['429 with no code', { status: 429, body: '{}' }],
];

const UNKNOWN: readonly (readonly [string, Reply])[] = [
  ['500 InternalServiceFault', jsonError(500, 'InternalServiceFault')],
  ['503 ServiceUnavailable', jsonError(503, 'ServiceUnavailable')],
  [
    '502 of a proxy, in HTML',
    { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' },
  ],
  [
    '200 of something else, in HTML',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Hello</html>' },
  ],
  ['200 that breaks off', { status: 200, headers: { 'content-length': '100' }, body: '{', isCut: true }],
  ['a connection reset after the request was read', 'reset'],
];

const REFUSED: readonly (readonly [string, Reply])[] = [
  ...[
    'InvalidParameterValueException',
    'InvalidParameterCombinationException',
    'MissingRequiredParameterException',
    'ValidationException',
  ].map((code) => [code, jsonError(400, code, 'The value is bad')] as const),
  [
    'InvalidParameterValue, the former code',
    queryError(400, 'InvalidParameterValueException', 'InvalidParameterValue'),
  ],
  ['RequestEntityTooLarge', jsonError(413, 'RequestEntityTooLarge')],
];

const DENIED: readonly (readonly [string, Reply])[] = [
  ['AccessDenied', queryError(403, 'AccessDeniedException', 'AccessDenied')],
  ['ExpiredTokenException', jsonError(403, 'ExpiredTokenException')],
];

describe('cloudwatch-publish-metric-data', () => {
  let server: CloudWatchServer;
  let client: CloudWatchClient;
  let publishMetricData: PublishMetricData;

  beforeEach(async () => {
    server = await startCloudWatch(() => new Date(START_MS));
    client = server.createClient();
    publishMetricData = createPublishMetricData(client);
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  async function counted(): Promise<number | undefined> {
    const [series] = await createReadMetrics(client)([query()], RANGE);
    return series?.get(START_MS);
  }

  it('publishMetricData() returns accepted after one request', async () => {
    expect(await publishMetricData(CHUNK)).toBe('accepted');

    expect(server.requests).toHaveLength(1);
    expect(await counted()).toBe(5);
  });

  it('publishMetricData() sends as many data as one call takes, packed', async () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    const chunk = Array.from({ length: 1_000 }, () => requests({ values, counts: values.map(() => 2) }));

    expect(await publishMetricData(chunk)).toBe('accepted');

    expect(server.requests[0]?.headers['content-encoding']).toBe('gzip');
    expect(await counted()).toBe(420_000);
  });

  it.each(NOT_COUNTED)(
    'publishMetricData() returns not-counted for %s, after one request',
    async (_, reply) => {
      server.answerOnce(() => reply);

      expect(await publishMetricData(CHUNK)).toBe('not-counted');

      expect(server.requests).toHaveLength(1);
    },
  );

  it('publishMetricData() returns not-counted when nobody listens', async () => {
    const unreachable = new CloudWatchClient(clientConfig(await refusingUrl()));

    expect(await createPublishMetricData(unreachable)(CHUNK)).toBe('not-counted');
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])(
    'publishMetricData() returns not-counted for a host without address: %s',
    async (code) => {
      const httpAgent = new Agent({
        lookup: (_host, _options, done) => done(Object.assign(new Error(code), { code }), ''),
      });
      const lost = new CloudWatchClient({
        ...clientConfig('http://gatewatch.invalid'),
        requestHandler: { httpAgent },
      });

      expect(await createPublishMetricData(lost)(CHUNK)).toBe('not-counted');
    },
  );

  it.each(UNKNOWN)('publishMetricData() returns unknown for %s, after one request', async (_, reply) => {
    server.answerOnce(() => reply);

    expect(await publishMetricData(CHUNK)).toBe('unknown');

    expect(server.requests).toHaveLength(1);
  });

  it('publishMetricData() returns unknown when CloudWatch counted and its answer was lost', async () => {
    server.loseNextAnswer();

    expect(await publishMetricData(CHUNK)).toBe('unknown');

    expect(await counted()).toBe(5);
  });

  it('publishMetricData() returns unknown when no answer comes in time', async () => {
    server.answerOnce(() => 'silence');
    const impatient = new CloudWatchClient({
      ...clientConfig(server.url),
      requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
    });

    expect(await createPublishMetricData(impatient)(CHUNK)).toBe('unknown');

    expect(server.requests).toHaveLength(1);
  });

  it.each(REFUSED)('publishMetricData() returns refused for %s, after one request', async (_, reply) => {
    server.answerOnce(() => reply);

    expect(await publishMetricData(CHUNK)).toBe('refused');

    expect(server.requests).toHaveLength(1);
  });

  it.each(DENIED)('publishMetricData() throws for %s, names it and keeps the cause', async (code, reply) => {
    server.answerOnce(() => reply);

    const error = await publishMetricData(CHUNK).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: expect.stringContaining(code), cause: expect.any(Error) });
    expect(server.requests).toHaveLength(1);
  });

  it('publishMetricData() returns refused for data that CloudWatch does not take', async () => {
    const tooOld = [requests({ timestampMs: START_MS - 15 * 24 * 60 * 60_000 })];

    expect(await publishMetricData(tooOld)).toBe('refused');

    expect(await counted()).toBeUndefined();
  });

  // Why maxAttempts must be 1: this is what the SDK does by itself.
  it('publishMetricData() counts twice with a client that repeats', async () => {
    const repeating = server.createClient(2);
    server.loseNextAnswer();

    expect(await createPublishMetricData(repeating)(CHUNK)).toBe('accepted');

    expect(server.requests).toHaveLength(2);
    expect(await counted()).toBe(10);
    repeating.destroy();
  });
});
