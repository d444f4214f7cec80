import {
  type DemandTrend,
  fitTrend,
  type MinuteDemand,
} from '#shared/domain/headroom/forecast/demand-trend.ts';
import type { EarlierDemand } from '#shared/domain/headroom/forecast/earlier-days.ts';
import { forecastFrom, type QuotaForecast } from '#shared/domain/headroom/forecast/forecast-quota.ts';

/** What is to be expected of the account after one minute, from what is known up to its end. */
export type Outlook = {
  /** `null` where too few of the last thirty minutes have data. */
  readonly trend: DemandTrend | null;
  /** What was forecast at the end of each of the last five minutes, the newest last; `null` where nothing was. */
  readonly forecasts: readonly (QuotaForecast | null)[];
};

/** Nothing is known. */
export const NO_OUTLOOK: Outlook = { trend: null, forecasts: [] };

/** The minutes whose forecasts make an outlook: one of them may be luck. */
export const OUTLOOK_MINUTES = 5;

const MINUTE_MS = 60_000;

/** The trend at the end of each minute that has data, from the minutes up to it; `null` for any other. */
export type TrendAt = (minuteMs: number) => DemandTrend | null;

/**
 * Fits the trend at the end of any minute, each once.
 *
 * @param minutes - From half an hour before the first minute that is asked for
 */
export function createTrendAt(minutes: readonly MinuteDemand[]): TrendAt {
  const known = new Set(minutes.map(({ minuteMs }) => minuteMs));
  const fitted = new Map<number, DemandTrend | null>();
  return (minuteMs) => {
    if (!known.has(minuteMs)) return null;
    const before = fitted.get(minuteMs);
    if (before !== undefined) return before;
    const trend = fitTrend(minutes.filter((minute) => minute.minuteMs <= minuteMs));
    fitted.set(minuteMs, trend);
    return trend;
  };
}

/** The outlook at the end of a minute. */
export function outlookAt(
  minuteMs: number,
  trendAt: TrendAt,
  quotaRps: number,
  earlier: EarlierDemand,
): Outlook {
  const forecasts = Array.from({ length: OUTLOOK_MINUTES }, (_, index) => {
    const trend = trendAt(minuteMs - (OUTLOOK_MINUTES - 1 - index) * MINUTE_MS);
    return trend === null ? null : forecastFrom(trend, quotaRps, earlier);
  });
  return { trend: trendAt(minuteMs), forecasts };
}
