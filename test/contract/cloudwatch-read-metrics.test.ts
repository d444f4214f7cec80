import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPublishMetricData } from '#shared/adapters/cloudwatch-publish-metric-data.ts';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import { jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { type CloudWatchServer, startCloudWatch } from '#test/fakes/cloudwatch-server.ts';
import { query, RANGE, requests, START_MS } from '#test/fakes/metric-data.ts';

const SECONDS = START_MS / 1_000;

async function start(pageSize?: number): Promise<{ server: CloudWatchServer; client: CloudWatchClient }> {
  const server = await startCloudWatch(() => new Date(START_MS), pageSize);
  const client = server.createClient();
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  return { server, client };
}

/** The queries and the token of a request, as the server got them. */
function bodyOf(request: CloudWatchServer['requests'][number]): {
  MetricDataQueries: unknown[];
  NextToken?: string;
} {
  return JSON.parse(request.body) as { MetricDataQueries: unknown[]; NextToken?: string };
}

describe('cloudwatch-read-metrics', () => {
  it('readMetrics() puts at most 500 queries into a call', async () => {
    const { server, client } = await start();

    await createReadMetrics(client)(
      Array.from({ length: 1_201 }, () => query({ periodSeconds: 60 })),
      RANGE,
    );

    expect(server.requests.map((request) => bodyOf(request).MetricDataQueries.length)).toEqual([
      500, 500, 201,
    ]);
  });

  it('readMetrics() asks for no more values in a call than fit on a page, on which no metric is asked for again', async () => {
    const { server, client } = await start();
    const hours = { fromMs: START_MS - 170 * 60_000, toMs: START_MS };

    // 10,200 seconds each, and one more for a range that begins within a second: nine of them are 91,809 values.
    await createReadMetrics(client)(
      Array.from({ length: 20 }, () => query()),
      hours,
    );

    expect(server.requests.map((request) => bodyOf(request).MetricDataQueries.length)).toEqual([9, 9, 2]);
  });

  it('readMetrics() asks for a metric with more values than fit on a page in a call of its own', async () => {
    const { server, client } = await start();
    const days = { fromMs: START_MS - 3 * 86_400_000, toMs: START_MS };

    const series = await createReadMetrics(client)([query(), query({ periodSeconds: 60 })], days);

    expect(series).toHaveLength(2);
    expect(server.requests.map((request) => bodyOf(request).MetricDataQueries.length)).toEqual([1, 1]);
  });

  it.each([
    ['one value', 1, 20],
    ['three values, so that pages end within a series', 3, 7],
    ['exactly all values', 20, 1],
  ])('readMetrics() follows pages of %s to the end', async (_, pageSize, pages) => {
    const { server, client } = await start(pageSize);
    const prod = { ApiId: 'a1b2c3', Stage: 'prod' };
    const seconds = Array.from({ length: 10 }, (_unused, second) => second);
    const data = seconds.flatMap((second) =>
      [{}, prod].map((dimensions, index) =>
        requests({ dimensions, timestampMs: START_MS + second * 1_000, values: [second * 10 + index] }),
      ),
    );
    await createPublishMetricData(client)(data);

    const series = await createReadMetrics(client)([query(), query({ dimensions: prod })], RANGE);

    expect(series.map((values) => [...values])).toEqual(
      [0, 1].map((index) => seconds.map((second) => [START_MS + second * 1_000, second * 10 + index])),
    );
    expect(server.requests).toHaveLength(1 + pages);
  });

  it('readMetrics() goes on after a page without results', async () => {
    const { server, client } = await start();
    await createPublishMetricData(client)([requests()]);
    server.answerOnce(() => jsonReply({ MetricDataResults: [], NextToken: 'after-0' }));

    const [series] = await createReadMetrics(client)([query()], RANGE);

    expect([...(series ?? [])]).toEqual([[START_MS, 1]]);
  });

  it('readMetrics() throws if the last page still has only a part', async () => {
    const { server, client } = await start();
    const part = { Id: 'q0', StatusCode: 'PartialData', Timestamps: [SECONDS], Values: [1] };
    server.answerOnce(() => jsonReply({ MetricDataResults: [part] }));

    await expect(createReadMetrics(client)([query()], RANGE)).rejects.toThrow('only a part of 1 metrics');
  });

  it.each(['InternalError', 'Forbidden', undefined])(
    'readMetrics() throws if one of several metrics has the status %s',
    async (StatusCode) => {
      const { server, client } = await start();
      const good = { Id: 'q0', StatusCode: 'Complete', Timestamps: [SECONDS], Values: [1] };
      const bad = { Id: 'q1', StatusCode, Timestamps: [], Values: [] };
      server.answerOnce(() => jsonReply({ MetricDataResults: [good, bad] }));

      await expect(createReadMetrics(client)([query(), query()], RANGE)).rejects.toThrow(
        `CloudWatch could not read metric q1: ${StatusCode ?? 'no status'}`,
      );
    },
  );

  it.each([
    ['a throttled call', jsonError(400, 'ThrottlingException', 'Rate exceeded'), 'Rate exceeded'],
    ['missing permission', jsonError(403, 'AccessDenied', 'not authorized'), 'not authorized'],
    ['an outage', jsonError(500, 'InternalServiceFault', 'internal'), 'internal'],
  ])('readMetrics() throws for %s', async (_, reply, message) => {
    const { server, client } = await start();
    server.answerOnce(() => reply);

    await expect(createReadMetrics(client)([query()], RANGE)).rejects.toThrow(message);
  });

  it('readMetrics() throws if a later page is missing', async () => {
    const { server, client } = await start();
    const part = { Id: 'q0', StatusCode: 'PartialData', Timestamps: [SECONDS], Values: [1] };
    server.answerOnce(() => jsonReply({ MetricDataResults: [part], NextToken: 'after-1' }));
    server.answerOnce(() => jsonError(500, 'InternalServiceFault', 'internal'));

    await expect(createReadMetrics(client)([query()], RANGE)).rejects.toThrow('internal');
  });
});
