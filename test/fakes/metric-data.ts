import type { MetricQuery, TimeRange } from '#shared/application/ports.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';

const MINUTE_MS = 60_000;

/** The start of the minute that the tests write to. */
export const START_MS = Date.parse('2026-03-02T14:00:00Z');

/** The minutes around {@link START_MS}. */
export const RANGE: TimeRange = { fromMs: START_MS - 5 * MINUTE_MS, toMs: START_MS + 5 * MINUTE_MS };

/** One request of the whole account in the first second, with the given differences. */
export function requests(differences: Partial<MetricDatum> = {}): MetricDatum {
  return {
    name: 'RequestCount',
    dimensions: {},
    timestampMs: START_MS,
    unit: 'Count',
    resolutionSeconds: 1,
    values: [1],
    counts: [1],
    ...differences,
  };
}

/** Latencies of one stage in a minute: `counts[i]` requests of `values[i]` milliseconds. */
export function latencies(
  values: readonly number[],
  counts: readonly number[],
  timestampMs = START_MS,
): MetricDatum {
  const dimensions = { ApiId: 'a1b2c3', Stage: 'prod' };
  return {
    name: 'Latency',
    dimensions,
    timestampMs,
    unit: 'Milliseconds',
    resolutionSeconds: 60,
    values,
    counts,
  };
}

/** Requests of the whole account per second, with the given differences. */
export function query(differences: Partial<MetricQuery> = {}): MetricQuery {
  return { name: 'RequestCount', dimensions: {}, statistic: 'Sum', periodSeconds: 1, ...differences };
}
