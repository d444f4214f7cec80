import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReadServiceCounts } from '#shared/adapters/cloudwatch-read-service-counts.ts';
import type { ReadServiceCounts } from '#shared/application/ports.ts';
import type { RequestMetric } from '#shared/domain/logging/request-metrics.ts';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, startHttpServer } from '#test/fakes/http-server.ts';
import { RANGE, START_MS } from '#test/fakes/metric-data.ts';

const SECONDS = START_MS / 1_000;
const ORDERS: RequestMetric = { name: 'Count', dimensions: { ApiName: 'orders-api', Stage: 'prod' } };
const CONNECTS: RequestMetric = { name: 'ConnectCount', dimensions: { ApiId: 'w1', Stage: 'live' } };
const ALL: RequestMetric = { name: 'Count', dimensions: {} };

const Asked = v.object({
  MetricDataQueries: v.array(
    v.object({
      Id: v.string(),
      MetricStat: v.object({ Metric: v.unknown(), Period: v.number(), Stat: v.string() }),
    }),
  ),
  NextToken: v.optional(v.string()),
});

function askedOf({ body }: { readonly body: string }): v.InferOutput<typeof Asked> {
  return v.parse(Asked, JSON.parse(body));
}

function result(Id: string, StatusCode: string, minutes: readonly number[] = [], value = 7): object {
  const Timestamps = minutes.map((minute) => SECONDS + minute * 60);
  return { Id, StatusCode, Timestamps, Values: Timestamps.map(() => value) };
}

/** Answers every metric with one minute, unless a test says otherwise. */
async function start(maxAttempts = 1): Promise<{ server: HttpServer; read: ReadServiceCounts }> {
  const server = await startHttpServer((request) =>
    jsonReply({
      MetricDataResults: askedOf(request).MetricDataQueries.map(({ Id }) => result(Id, 'Complete', [0])),
    }),
  );
  const client = new CloudWatchClient(clientConfig(server.url, maxAttempts));
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  return { server, read: createReadServiceCounts(client) };
}

const answerWith = (server: HttpServer, MetricDataResults: object[], rest: object = {}): void =>
  server.answerOnce(() => jsonReply({ MetricDataResults, ...rest }));

describe('cloudwatch-read-service-counts', () => {
  it('readServiceCounts() asks for the sums of minutes in AWS/ApiGateway, also of the count without dimensions', async () => {
    const { server, read } = await start();

    await read([ORDERS, CONNECTS, ALL], RANGE);

    const [first] = server.requests;
    const stats =
      first === undefined ? [] : askedOf(first).MetricDataQueries.map(({ MetricStat }) => MetricStat);
    expect(stats).toEqual([
      {
        Metric: {
          Namespace: 'AWS/ApiGateway',
          MetricName: 'Count',
          Dimensions: [
            { Name: 'ApiName', Value: 'orders-api' },
            { Name: 'Stage', Value: 'prod' },
          ],
        },
        Period: 60,
        Stat: 'Sum',
      },
      {
        Metric: {
          Namespace: 'AWS/ApiGateway',
          MetricName: 'ConnectCount',
          Dimensions: [
            { Name: 'ApiId', Value: 'w1' },
            { Name: 'Stage', Value: 'live' },
          ],
        },
        Period: 60,
        Stat: 'Sum',
      },
      {
        Metric: { Namespace: 'AWS/ApiGateway', MetricName: 'Count', Dimensions: [] },
        Period: 60,
        Stat: 'Sum',
      },
    ]);
  });

  it('readServiceCounts() answers in the order of the metrics, over chunks of 500; no value is no zero', async () => {
    const { server, read } = await start();
    const metrics = Array.from({ length: 1_001 }, (_, index) => (index === 1_000 ? ALL : ORDERS));
    answerWith(
      server,
      Array.from({ length: 500 }, (_, index) =>
        result(`q${index}`, 'Complete', index === 3 ? [] : [1]),
      ).reverse(),
    );

    const series = await read(metrics, RANGE);

    expect(server.requests.map((request) => askedOf(request).MetricDataQueries.length)).toEqual([
      500, 500, 1,
    ]);
    expect(series).toHaveLength(1_001);
    expect([...(series[3] ?? [])]).toEqual([]);
    expect([...(series[4] ?? [])]).toEqual([[START_MS + 60_000, 7]]);
    expect([...(series[1_000] ?? [])]).toEqual([[START_MS, 7]]);
  });

  it('readServiceCounts() puts the pages of a metric together, and leaves out of a page what it does not name', async () => {
    const { server, read } = await start();
    answerWith(server, [result('q0', 'Complete', [0]), result('q1', 'PartialData', [0])], { NextToken: 'a' });
    answerWith(server, [result('q1', 'PartialData', [1])], { NextToken: 'b' });
    answerWith(server, [result('q1', 'Complete', [2])], { NextToken: '' });

    const [orders, connects] = await read([ORDERS, CONNECTS], RANGE);

    expect([...(orders ?? [])]).toEqual([[START_MS, 7]]);
    expect([...(connects?.keys() ?? [])]).toEqual([0, 1, 2].map((minute) => START_MS + minute * 60_000));
    expect(server.requests.map((request) => askedOf(request).NextToken)).toEqual([undefined, 'a', 'b']);
  });

  it('readServiceCounts() asks again with the token after an internal error of one metric', async () => {
    const { server, read } = await start();
    answerWith(server, [result('q0', 'InternalError')], { NextToken: 'a' });
    answerWith(server, [result('q0', 'Complete', [0])]);

    const [orders] = await read([ORDERS], RANGE);

    expect(orders?.size).toBe(1);
  });

  it.each([
    ['an internal error without a token', [result('q0', 'InternalError')], {}, 'metric q0: InternalError'],
    ['a part without a token', [result('q0', 'PartialData', [0])], {}, 'only a part of 1 metrics'],
    ['a status that nobody knows', [result('q0', 'Odd', [0])], {}, 'metric q0: Odd'],
    ['no result at all', [], {}, 'did not answer for 1 of 1 metrics'],
    [
      'a message about the call',
      [result('q0', 'Complete', [0])],
      { Messages: [{ Code: 'MaxMetricsExceeded', Value: 'Maximum number of allowed metrics exceeded' }] },
      'CloudWatch left out metrics: MaxMetricsExceeded, Maximum number of allowed metrics exceeded',
    ],
  ])(
    'readServiceCounts() throws for %s, so that it does not look like no requests',
    async (_, results, rest, words) => {
      const { server, read } = await start();
      answerWith(server, results, rest);

      await expect(read([ORDERS], RANGE)).rejects.toThrow(words);
    },
  );

  it('readServiceCounts() says what CloudWatch says of a metric that it may not read', async () => {
    const { server, read } = await start();
    const Messages = [{ Code: 'Forbidden', Value: 'not authorized' }];
    answerWith(server, [{ ...result('q0', 'Forbidden'), Messages }]);

    await expect(read([ORDERS], RANGE)).rejects.toThrow('metric q0: Forbidden (Forbidden not authorized)');
  });

  it('readServiceCounts() does not follow tokens without an end', async () => {
    const { server, read } = await start();
    for (let page = 0; page <= 200; page += 1) {
      answerWith(server, [result('q0', 'PartialData')], { NextToken: 'again' });
    }

    await expect(read([ORDERS], RANGE)).rejects.toThrow('did not come to an end in 200 pages');
  });

  it('readServiceCounts() repeats a chunk that is throttled, and only that', async () => {
    const { server, read } = await start(3);
    server.answerOnce((request) =>
      jsonReply({
        MetricDataResults: askedOf(request).MetricDataQueries.map(({ Id }) => result(Id, 'Complete', [0])),
      }),
    );
    server.answerOnce(() => jsonError(400, 'ThrottlingException', 'Rate exceeded'));

    const series = await read(new Array<RequestMetric>(600).fill(ORDERS), RANGE);

    expect(series.every(({ size }) => size === 1)).toBe(true);
    expect(server.requests.map((request) => askedOf(request).MetricDataQueries.length)).toEqual([
      500, 100, 100,
    ]);
  });

  it('readServiceCounts() throws if a chunk stays throttled: a part would look like an account half its size', async () => {
    const { server, read } = await start(1);
    answerWith(
      server,
      Array.from({ length: 500 }, (_, index) => result(`q${index}`, 'Complete', [0])),
    );
    server.answerOnce(() => jsonError(400, 'ThrottlingException', 'Rate exceeded'));

    await expect(read(new Array<RequestMetric>(600).fill(ORDERS), RANGE)).rejects.toThrow('Rate exceeded');
  });
});
