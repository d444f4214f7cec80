import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, it, onTestFinished } from 'vitest';
import { createPublishMetricData } from '#shared/adapters/cloudwatch-publish-metric-data.ts';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import type { MetricQuery, Now } from '#shared/application/ports.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { describeMetrics, type Metrics } from '#test/contract/metrics.contract.ts';
import { startCloudWatch } from '#test/fakes/cloudwatch-server.ts';
import { query, RANGE, requests, START_MS } from '#test/fakes/metric-data.ts';

async function createCloudWatchMetrics(now: Now): Promise<Metrics> {
  const server = await startCloudWatch(now);
  const client = server.createClient();
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  return { publishMetricData: createPublishMetricData(client), readMetrics: createReadMetrics(client) };
}

describeMetrics('memory-metrics', createMemoryMetrics);

describeMetrics('cloudwatch-publish-metric-data and cloudwatch-read-metrics', createCloudWatchMetrics);

const dimensions = fc.constantFrom({}, { ApiId: 'a1' }, { ApiId: 'a1', Stage: 'prod' });
const second = fc.integer({ min: 0, max: 179 });

const requestDatum = fc
  .record({ dimensions, second, value: fc.nat(3), count: fc.integer({ min: 1, max: 3 }) })
  .map(({ second, value, count, ...rest }) =>
    requests({ ...rest, timestampMs: START_MS + second * 1_000, values: [value], counts: [count] }),
  );

const latencyDatum = fc
  .record({
    dimensions,
    minute: fc.nat(1),
    observations: fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 20,
    }),
  })
  .map(({ minute, observations, ...rest }) =>
    requests({
      ...rest,
      name: 'Latency',
      unit: 'Milliseconds',
      resolutionSeconds: 60,
      timestampMs: START_MS + minute * 60_000,
      values: observations.map(([value]) => value),
      counts: observations.map(([, count]) => count),
    }),
  );

const anyQuery = fc.oneof(
  fc.record({ dimensions, periodSeconds: fc.constantFrom(1, 60) }).map(query),
  fc
    .record({ dimensions })
    .map((differences) => query({ ...differences, statistic: 'Maximum', periodSeconds: 60 })),
  fc
    .record({
      dimensions,
      statistic: fc.constantFrom<MetricQuery['statistic'][]>('Sum', 'Maximum', 'p50', 'p90', 'p99'),
    })
    .map((differences) => query({ ...differences, name: 'Latency', periodSeconds: 60 })),
);

type Chunks = readonly (readonly MetricDatum[])[];

async function answers({ publishMetricData, readMetrics }: Metrics, chunks: Chunks, queries: MetricQuery[]) {
  for (const chunk of chunks) await publishMetricData(chunk);
  return (await readMetrics(queries, RANGE)).map((series) => [...series].sort(([a], [b]) => a - b));
}

describe('memory-metrics', () => {
  it('readMetrics() answers like CloudWatch, whatever was published', async () => {
    const chunks = fc.array(fc.array(fc.oneof(requestDatum, latencyDatum), { minLength: 1, maxLength: 20 }), {
      maxLength: 4,
    });
    const queries = fc.array(anyQuery, { minLength: 10, maxLength: 20 });
    const property = fc.asyncProperty(chunks, queries, async (published, asked) => {
      const real = await createCloudWatchMetrics(() => new Date(START_MS));
      return isDeepStrictEqual(
        await answers(createMemoryMetrics(), published, asked),
        await answers(real, published, asked),
      );
    });

    await fc.assert(property, { numRuns: 50 });
  });
});
