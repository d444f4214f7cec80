import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, it, onTestFinished } from 'vitest';
import { createPublishMetricData } from '#shared/adapters/cloudwatch-publish-metric-data.ts';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import type { MetricQuery, Now } from '#shared/application/ports.ts';
import {
  describeMetrics,
  type Metrics,
  query,
  RANGE,
  requests,
  START_MS,
} from '#test/contract/metrics.contract.ts';
import { startCloudWatch } from '#test/fakes/cloudwatch-server.ts';

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

const dimensions = fc.constantFrom({}, { ApiId: 'a1' }, { ApiId: 'a1', Stage: 'prod' }, { ApiId: 'a1', Stage: 'dev' });
const second = fc.integer({ min: 0, max: 179 });

const requestDatum = fc
  .record({ dimensions, second, value: fc.nat(3), count: fc.integer({ min: 1, max: 9 }) })
  .map(({ second, value, count, ...rest }) =>
    requests({ ...rest, timestampMs: START_MS + second * 1_000, values: [value], counts: [count] }),
  );

const latencyDatum = fc
  .record({
    dimensions,
    minute: fc.nat(2),
    observations: fc.array(fc.tuple(fc.nat(30_000), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 20 }),
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
    .record({ dimensions, statistic: fc.constantFrom<MetricQuery['statistic'][]>('Sum', 'p50', 'p90', 'p99') })
    .map((differences) => query({ ...differences, name: 'Latency', periodSeconds: 60 })),
);

async function answers({ publishMetricData, readMetrics }: Metrics, chunks: Chunks, queries: MetricQuery[]) {
  for (const chunk of chunks) await publishMetricData(chunk);
  return (await readMetrics(queries, RANGE)).map((series) => [...series].sort(([a], [b]) => a - b));
}

type Chunks = readonly (readonly ReturnType<typeof requests>[])[];

describe('memory-metrics', () => {
  it('readMetrics() answers like CloudWatch, whatever was published', async () => {
    const chunks = fc.array(fc.array(fc.oneof(requestDatum, latencyDatum), { minLength: 1, maxLength: 20 }), {
      maxLength: 4,
    });
    const queries = fc.array(anyQuery, { maxLength: 10 });
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
