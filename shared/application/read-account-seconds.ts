import type { MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import type { AccountSeconds } from '#shared/domain/headroom/minute-headroom.ts';

function perSecond(series: MetricSeries | undefined, { fromMs, toMs }: TimeRange): number[] {
  const values: number[] = [];
  for (let second = fromMs; second < toMs; second += 1_000) values.push(series?.get(second) ?? 0);
  return values;
}

/** Reads what the account was asked for and refused, second by second. */
export async function readAccountSeconds(
  readMetrics: ReadMetrics,
  range: TimeRange,
): Promise<AccountSeconds> {
  const series = { dimensions: {}, statistic: 'Sum', periodSeconds: 1 } as const;
  const [requests, throttled] = await readMetrics(
    [
      { name: 'RequestCount', ...series },
      { name: 'ThrottledCount', ...series },
    ],
    range,
  );
  return {
    startMs: range.fromMs,
    requests: perSecond(requests, range),
    throttled: perSecond(throttled, range),
  };
}
