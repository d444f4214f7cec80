import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReadRequestTotals } from '#shared/adapters/cloudwatch-read-request-totals.ts';
import type { ReadRequestTotals } from '#shared/application/ports.ts';
import type { RequestMetric } from '#shared/domain/logging/request-metrics.ts';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, startHttpServer } from '#test/fakes/http-server.ts';
import { answerRequestTotals } from '#test/fakes/request-totals.ts';

const HOUR_MS = 3_600_000;
const RANGE = { fromMs: 0, toMs: 7 * 24 * HOUR_MS };

const COUNT: RequestMetric = { name: 'Count', dimensions: { ApiName: 'orders-api', Stage: 'prod' } };
const MESSAGES: RequestMetric = { name: 'MessageCount', dimensions: { ApiId: 'w1', Stage: 'live' } };
const QUIET: RequestMetric = { name: 'Count', dimensions: { ApiId: 'h1', Stage: '$default' } };

const HOURLY = new Map([
  ['Count orders-api/prod', 100],
  ['MessageCount w1/live', 0.5],
]);

async function start(): Promise<{ server: HttpServer; readRequestTotals: ReadRequestTotals }> {
  const server = await startHttpServer((request) => answerRequestTotals(HOURLY, request));
  const client = new CloudWatchClient(clientConfig(server.url));
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  return { server, readRequestTotals: createReadRequestTotals(client) };
}

describe('cloudwatch-read-request-totals', () => {
  it('readRequestTotals() adds up all hours of each metric, in order; one without data is 0', async () => {
    const { readRequestTotals } = await start();

    expect(await readRequestTotals([MESSAGES, QUIET, COUNT], RANGE)).toEqual([84, 0, 16_800]);
  });

  it('readRequestTotals() asks for at most 500 metrics at a time, so for less values than an answer takes', async () => {
    const { server, readRequestTotals } = await start();

    const totals = await readRequestTotals(new Array<RequestMetric>(501).fill(COUNT), RANGE);

    expect(totals).toEqual(new Array(501).fill(16_800));
    expect(server.requests).toHaveLength(2);
  });

  it('readRequestTotals() asks nothing for no metrics', async () => {
    const { server, readRequestTotals } = await start();

    expect(await readRequestTotals([], RANGE)).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('readRequestTotals() follows pages', async () => {
    const { server, readRequestTotals } = await start();
    const part = { Id: 'q0', StatusCode: 'PartialData', Timestamps: [0], Values: [7] };
    server.answerOnce(() => jsonReply({ MetricDataResults: [part], NextToken: 'more' }));
    const rest = { Id: 'q0', StatusCode: 'Complete', Timestamps: [3_600], Values: [5] };
    server.answerOnce(() => jsonReply({ MetricDataResults: [rest] }));

    expect(await readRequestTotals([COUNT], RANGE)).toEqual([12]);
    expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({ NextToken: 'more' });
  });

  it.each(['InternalError', 'Forbidden'])(
    'readRequestTotals() throws for the status %s',
    async (StatusCode) => {
      const { server, readRequestTotals } = await start();
      server.answerOnce(() => jsonReply({ MetricDataResults: [{ Id: 'q0', StatusCode }] }));

      await expect(readRequestTotals([COUNT], RANGE)).rejects.toThrow(StatusCode);
    },
  );

  it('readRequestTotals() throws for missing permission', async () => {
    const { server, readRequestTotals } = await start();
    server.answerOnce(() => jsonError(403, 'AccessDenied', 'not authorized'));

    await expect(readRequestTotals([COUNT], RANGE)).rejects.toThrow('not authorized');
  });
});
