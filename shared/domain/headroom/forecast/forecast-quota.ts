import { median } from '#shared/domain/detection/statistics.ts';
import {
  type DemandTrend,
  fitTrend,
  isClimbing,
  type MinuteDemand,
  TREND_MINUTES,
} from '#shared/domain/headroom/forecast/demand-trend.ts';
import {
  type DemandSeries,
  type EarlierDemand,
  minutesOnEarlierDays,
  NO_EARLIER_DEMAND,
} from '#shared/domain/headroom/forecast/earlier-days.ts';

/** When the account's demand will reach its quota, if it goes on as it does. Minutes from the end of the newest one. */
export type QuotaForecast = {
  readonly slopeRpsPerMinute: number;
  readonly minutesToQuota: number;
  /** The interval that holds the time in four of five cases. */
  readonly earliestMinutes: number;
  readonly latestMinutes: number;
  /** `trend-and-earlier-days`: the same hours of earlier days climbed as today does, and had a say. */
  readonly basis: 'trend' | 'trend-and-earlier-days';
};

/** How far ahead a forecast looks. */
export const HORIZON_MINUTES = 180;
/** How far before its newest minute it looks back, for whether it climbs above what is usual today. */
export const LOOK_BACK_MINUTES = 180;

const MINUTE_MS = 60_000;

/** Below this share of the quota half an hour says nothing about reaching it. */
const MIN_USED_RATIO = 0.3;
/** An interval whose end is more than this many times its start helps nobody to plan. */
const MAX_INTERVAL_FACTOR = 4;
/** Within so few minutes an interval is narrow enough, whatever the factor. */
const MIN_INTERVAL_START_MINUTES = 5;
/** Flat demand climbs by chance in one half hour of ten, and a day has many: a forecast wants more than its interval. */
const MIN_SLOPE_MARGINS = 2.3;
/** Odd minutes that demand need not have climbed above. */
const ODD_MINUTES = 3;
/** With fewer, earlier days have no say. */
const MIN_EARLIER_DAYS = 3;

type Crossing = Pick<QuotaForecast, 'minutesToQuota' | 'earliestMinutes' | 'latestMinutes'>;

/**
 * When demand reaches the quota, by Fieller's interval: all times at which a minute may be at the quota, given what is
 * not known of the line there and how far minutes are from it.
 *
 * @param trend - One that climbs
 */
function crossingOf(trend: DemandTrend, quotaRps: number): Crossing {
  const { slopeRpsPerMinute: slope, levelRps, centreMinutes, slopeMarginRps } = trend;
  const missingRps = quotaRps - (levelRps + slope * centreMinutes);
  const slopeSquare = slopeMarginRps ** 2;
  const levelSquare = trend.centreMarginRps ** 2 + trend.minuteMarginRps ** 2;
  const square = slope ** 2 - slopeSquare;
  const root = Math.sqrt(missingRps ** 2 * slopeSquare + square * levelSquare);
  return {
    minutesToQuota: centreMinutes + missingRps / slope,
    earliestMinutes: Math.max(0, centreMinutes + (missingRps * slope - root) / square),
    latestMinutes: centreMinutes + (missingRps * slope + root) / square,
  };
}

function isUseful({ minutesToQuota, earliestMinutes, latestMinutes }: Crossing): boolean {
  return (
    minutesToQuota > 0 &&
    minutesToQuota <= HORIZON_MINUTES &&
    latestMinutes <= MAX_INTERVAL_FACTOR * Math.max(MIN_INTERVAL_START_MINUTES, earliestMinutes)
  );
}

/** A return to what was there an hour ago is no climb to the quota. */
function isAboveToday({ levelRps, endMs }: DemandTrend, today: DemandSeries): boolean {
  const before: number[] = [];
  for (let minute = TREND_MINUTES + 1; minute <= LOOK_BACK_MINUTES; minute += 1) {
    const demandRps = today.get(endMs - minute * MINUTE_MS);
    if (demandRps !== undefined) before.push(demandRps);
  }
  return before.filter((demandRps) => demandRps >= levelRps).length <= ODD_MINUTES;
}

/**
 * Earlier days that climbed as today does tell whether such a climb goes on. If most of them do not reach the quota, there
 * is no forecast; else the middle one of them moves the time half way to its own, and the interval takes it in.
 */
function withEarlierDays(crossing: Crossing, days: readonly number[]): Crossing | null {
  const usual = median(days) ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(usual)) return null;
  return {
    minutesToQuota: (crossing.minutesToQuota + usual) / 2,
    earliestMinutes: Math.min(crossing.earliestMinutes, usual),
    latestMinutes: Math.max(crossing.latestMinutes, usual),
  };
}

/**
 * Forecasts when the account's demand reaches its quota.
 *
 * @param earlier - What else is known than the trend
 * @returns `null` where nothing useful can be said
 */
export function forecastFrom(
  trend: DemandTrend,
  quotaRps: number,
  earlier: EarlierDemand,
): QuotaForecast | null {
  const { slopeRpsPerMinute, slopeMarginRps, levelRps } = trend;
  if (!isClimbing(trend) || slopeRpsPerMinute < MIN_SLOPE_MARGINS * slopeMarginRps) return null;
  if (levelRps < MIN_USED_RATIO * quotaRps || levelRps >= quotaRps) return null;
  const alone = crossingOf(trend, quotaRps);
  if (!isUseful(alone) || !isAboveToday(trend, earlier.today)) return null;
  const days = minutesOnEarlierDays(earlier.days, trend, quotaRps, HORIZON_MINUTES);
  if (days.length < MIN_EARLIER_DAYS) return { slopeRpsPerMinute, ...alone, basis: 'trend' };
  const together = withEarlierDays(alone, days);
  if (together === null || !isUseful(together)) return null;
  return { slopeRpsPerMinute, ...together, basis: 'trend-and-earlier-days' };
}

/**
 * Forecasts from the minutes themselves.
 *
 * @param minutes - Half an hour up to the newest minute, in any order
 * @param earlier - What else is known; without it, the trend alone decides
 * @returns `null` where nothing useful can be said
 */
export function forecastQuota(
  minutes: readonly MinuteDemand[],
  quotaRps: number,
  earlier: EarlierDemand = NO_EARLIER_DEMAND,
): QuotaForecast | null {
  const trend = fitTrend(minutes);
  return trend === null ? null : forecastFrom(trend, quotaRps, earlier);
}
