import { beforeEach, describe, expect, it } from 'vitest';
import type { MetricQuery, Now, PublishMetricData, ReadMetrics } from '#shared/application/ports.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { latencies, query, RANGE, requests, START_MS } from '#test/fakes/metric-data.ts';

/** A store of metrics behind the two ports. */
export type Metrics = { readonly publishMetricData: PublishMetricData; readonly readMetrics: ReadMetrics };

const MINUTE_MS = 60_000;

/**
 * What every store of metrics does.
 *
 * @param createMetrics - Makes an empty store that reads the given clock
 */
export function describeMetrics(name: string, createMetrics: (now: Now) => Metrics | Promise<Metrics>): void {
  describe(name, () => {
    let metrics: Metrics;

    beforeEach(async () => {
      metrics = await createMetrics(() => new Date(START_MS + 2 * MINUTE_MS));
    });

    async function publish(...chunk: MetricDatum[]): Promise<void> {
      expect(await metrics.publishMetricData(chunk)).toBe('accepted');
    }

    async function read(...queries: MetricQuery[]): Promise<[number, number][][]> {
      const series = await metrics.readMetrics(queries, RANGE);
      return series.map((values) => [...values].sort(([a], [b]) => a - b));
    }

    it('readMetrics() adds up what was published for the same second, in one call or in several', async () => {
      await publish(requests({ values: [3] }), requests({ values: [4] }));
      await publish(requests({ values: [5] }), requests({ values: [7], timestampMs: START_MS + 59_000 }));

      expect(await read(query())).toEqual([
        [
          [START_MS, 12],
          [START_MS + 59_000, 7],
        ],
      ]);
    });

    it('readMetrics() adds up the seconds of a minute', async () => {
      await publish(
        requests({ values: [3] }),
        requests({ values: [4], timestampMs: START_MS + 59_000 }),
        requests({ values: [5], timestampMs: START_MS + 60_000 }),
      );

      expect(await read(query({ periodSeconds: 60 }))).toEqual([
        [
          [START_MS, 7],
          [START_MS + MINUTE_MS, 5],
        ],
      ]);
    });

    it('readMetrics() counts each value as often as its count says', async () => {
      await publish(
        requests({ values: [10, 0.5, 7], counts: [3, 4, 1] }),
        requests({ timestampMs: START_MS + 1_000 }),
      );

      expect(await read(query(), query({ periodSeconds: 60 }))).toEqual([
        [
          [START_MS, 39],
          [START_MS + 1_000, 1],
        ],
        [[START_MS, 40]],
      ]);
    });

    it('readMetrics() takes exactly the dimensions that were asked for: none is not any', async () => {
      const prod = { ApiId: 'a1b2c3', Stage: 'prod' };
      await publish(requests({ values: [100] }), requests({ values: [20], dimensions: prod }));
      await publish(requests({ values: [3], dimensions: { ApiId: 'a1b2c3', Stage: 'dev' } }));

      const [account, stage, swapped, half, other] = await read(
        query(),
        query({ dimensions: prod }),
        query({ dimensions: { Stage: 'prod', ApiId: 'a1b2c3' } }),
        query({ dimensions: { ApiId: 'a1b2c3' } }),
        query({ dimensions: { ...prod, Cause: 'backend.5xx' } }),
      );

      expect(account).toEqual([[START_MS, 100]]);
      expect(stage).toEqual([[START_MS, 20]]);
      expect(swapped).toEqual(stage);
      expect(half).toEqual([]);
      expect(other).toEqual([]);
    });

    // Each percentile lies within a run of equal values: no way to interpolate gives another one.
    it('readMetrics() finds percentiles among values with counts, of all data of a minute', async () => {
      await publish(latencies([900, 20], [50, 700]), latencies([400, 20], [150, 100]));
      await publish(latencies([5_000], [10], START_MS + MINUTE_MS));
      const { dimensions } = latencies([], []);

      const percentiles = (['p50', 'p90', 'p99'] as const).map((statistic) =>
        query({ name: 'Latency', dimensions, statistic, periodSeconds: 60 }),
      );

      expect(await read(...percentiles)).toEqual(
        [20, 400, 900].map((value) => [
          [START_MS, value],
          [START_MS + MINUTE_MS, 5_000],
        ]),
      );
    });

    it('readMetrics() finds the largest value of a minute that was published twice', async () => {
      const demand = (rps: number) =>
        requests({ name: 'AccountDemandRps', unit: 'Count/Second', resolutionSeconds: 60, values: [rps] });
      await publish(demand(120));
      await publish(demand(140));

      const [largest] = await read(
        query({ name: 'AccountDemandRps', statistic: 'Maximum', periodSeconds: 60 }),
      );

      expect(largest).toEqual([[START_MS, 140]]);
    });

    it('readMetrics() leaves out a period without data, and gives a published zero', async () => {
      await publish(requests({ values: [0], timestampMs: START_MS + 2_000 }));

      const [seconds, minutes, throttled] = await read(
        query(),
        query({ periodSeconds: 60 }),
        query({ name: 'ThrottledCount' }),
      );

      expect(seconds).toEqual([[START_MS + 2_000, 0]]);
      expect(minutes).toEqual([[START_MS, 0]]);
      expect(throttled).toEqual([]);
    });

    it('readMetrics() begins with the start of a range and ends before its end', async () => {
      const times = [-1_000, 0, 59_000, 60_000].map((offset) => START_MS + offset);
      await publish(...times.map((timestampMs) => requests({ timestampMs })));
      const range = { fromMs: START_MS, toMs: START_MS + MINUTE_MS };

      const [seconds, minutes] = await metrics.readMetrics([query(), query({ periodSeconds: 60 })], range);

      expect([...(seconds ?? [])]).toEqual([
        [START_MS, 1],
        [START_MS + 59_000, 1],
      ]);
      expect([...(minutes ?? [])]).toEqual([[START_MS, 2]]);
    });

    it('readMetrics() cuts seconds at a range that begins and ends within a minute', async () => {
      const times = [9_000, 10_000, 19_000, 20_000].map((offset) => START_MS + offset);
      await publish(...times.map((timestampMs) => requests({ timestampMs })));

      const [seconds] = await metrics.readMetrics([query()], {
        fromMs: START_MS + 10_000,
        toMs: START_MS + 20_000,
      });

      expect([...(seconds?.keys() ?? [])].sort()).toEqual([START_MS + 10_000, START_MS + 19_000]);
    });

    it('readMetrics() returns more series than one call reads, in the order of the queries', async () => {
      const stages = Array.from({ length: 1_201 }, (_, index) => ({ ApiId: 'a1b2c3', Stage: `s${index}` }));
      const data = stages.map((dimensions, index) => requests({ dimensions, values: [index + 1] }));
      await publish(...data.slice(0, 1_000));
      await publish(...data.slice(1_000));
      const backwards = [...stages.entries()].reverse();

      const series = await read(...backwards.map(([, dimensions]) => query({ dimensions })));

      expect(series).toEqual(backwards.map(([index]) => [[START_MS, index + 1]]));
    });

    it('readMetrics() answers the same query twice, and none with nothing', async () => {
      await publish(requests());

      expect(await read(query(), query())).toEqual([[[START_MS, 1]], [[START_MS, 1]]]);
      expect(await read()).toEqual([]);
    });
  });
}
