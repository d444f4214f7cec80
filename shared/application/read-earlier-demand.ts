import type { MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { TREND_MINUTES } from '#shared/domain/headroom/forecast/demand-trend.ts';
import type { EarlierDemand } from '#shared/domain/headroom/forecast/earlier-days.ts';
import { HORIZON_MINUTES, LOOK_BACK_MINUTES } from '#shared/domain/headroom/forecast/forecast-quota.ts';

const EARLIER_DAYS = 7;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A minute may be published more than once, each time with more of the logs: its largest value is the newest. */
const ACCOUNT_DEMAND = [
  { name: 'AccountDemandRps', dimensions: {}, statistic: 'Maximum', periodSeconds: 60 },
] as const;

async function readDemand(readMetrics: ReadMetrics, range: TimeRange): Promise<MetricSeries> {
  const [series = new Map<number, number>()] = await readMetrics(ACCOUNT_DEMAND, range);
  return series;
}

/** What a day had at each time of day, as if it were today. Hours are those of UTC, also where clocks are changed. */
async function readDay(readMetrics: ReadMetrics, range: TimeRange, daysAgo: number): Promise<MetricSeries> {
  const agoMs = daysAgo * DAY_MS;
  const series = await readDemand(readMetrics, {
    fromMs: range.fromMs - TREND_MINUTES * MINUTE_MS - agoMs,
    toMs: range.toMs + HORIZON_MINUTES * MINUTE_MS - agoMs,
  });
  return new Map([...series].map(([minuteMs, demandRps]) => [minuteMs + agoMs, demandRps]));
}

/**
 * Reads what forecasts in a range of minutes are compared with: the hours before, and the same hours of the last seven
 * days with what followed. Eight queries; no stage is asked for.
 */
export async function readEarlierDemand(readMetrics: ReadMetrics, range: TimeRange): Promise<EarlierDemand> {
  const lookBackMs = LOOK_BACK_MINUTES * MINUTE_MS;
  const [today, ...days] = await Promise.all([
    readDemand(readMetrics, { fromMs: range.fromMs - lookBackMs, toMs: range.toMs }),
    ...Array.from({ length: EARLIER_DAYS }, (_, index) => readDay(readMetrics, range, index + 1)),
  ]);
  return { today, days };
}
