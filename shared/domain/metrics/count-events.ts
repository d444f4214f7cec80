import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';

/** How many events one datum stands for: counts add up their values, latencies have one value for each event. */
function eventsOf({ unit, values, counts }: MetricDatum): number {
  return values.reduce((sum, value, index) => sum + (unit === 'Count' ? value : 1) * (counts[index] ?? 1), 0);
}

/**
 * The most events that a call can stand for. The account's series and those of its stages hold the same events, and so
 * do different metrics, so it is the largest of their sums.
 */
export function countEvents(chunk: readonly MetricDatum[]): number {
  const sums = new Map<string, number>();
  for (const datum of chunk) {
    const series = `${datum.name} ${Object.keys(datum.dimensions).length === 0 ? 'account' : 'stages'}`;
    sums.set(series, (sums.get(series) ?? 0) + eventsOf(datum));
  }
  return Math.max(0, ...sums.values());
}
