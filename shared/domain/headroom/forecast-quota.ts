import { type DemandTrend, fitTrend, type MinuteDemand } from '#shared/domain/headroom/demand-trend.ts';

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

/** Below this share of the quota half an hour says nothing about reaching it. */
const MIN_USED_RATIO = 0.3;
/** An interval whose end is more than this many times its start helps nobody to plan. */
const MAX_INTERVAL_FACTOR = 4;
/** Within so few minutes an interval is narrow enough, whatever the factor. */
const MIN_INTERVAL_START_MINUTES = 5;
/** Four of five: a tenth of the cases lie beyond each end. */
const Z = 1.2816;

type Crossing = Pick<QuotaForecast, 'minutesToQuota' | 'earliestMinutes' | 'latestMinutes'>;

/**
 * When the line reaches the quota, by Fieller's interval: all times at which the line, with its error there, may be at
 * the quota.
 *
 * @returns `null` where the slope may as well be 0 or below
 */
function crossingOf(trend: DemandTrend, quotaRps: number): Crossing | null {
  const { slopeRpsPerMinute: slope, levelRps, centreMinutes, slopeError, centreErrorRps } = trend;
  const slopeVariance = (Z * slopeError) ** 2;
  const centreVariance = (Z * centreErrorRps) ** 2;
  const square = slope ** 2 - slopeVariance;
  if (slope <= 0 || square <= 0) return null;
  const missingRps = quotaRps - (levelRps + slope * centreMinutes);
  const middle = missingRps * slope;
  const root = Math.sqrt(
    Math.max(
      0,
      missingRps ** 2 * slopeVariance + slope ** 2 * centreVariance - slopeVariance * centreVariance,
    ),
  );
  return {
    minutesToQuota: centreMinutes + missingRps / slope,
    earliestMinutes: Math.max(0, centreMinutes + (middle - root) / square),
    latestMinutes: centreMinutes + (middle + root) / square,
  };
}

function isUseful({ minutesToQuota, earliestMinutes, latestMinutes }: Crossing): boolean {
  return (
    minutesToQuota > 0 &&
    minutesToQuota <= HORIZON_MINUTES &&
    latestMinutes <= MAX_INTERVAL_FACTOR * Math.max(MIN_INTERVAL_START_MINUTES, earliestMinutes)
  );
}

/**
 * Forecasts when the account's demand reaches its quota.
 *
 * @param minutes - Half an hour up to the newest minute, in any order
 * @returns `null` where nothing useful can be said
 */
export function forecastQuota(minutes: readonly MinuteDemand[], quotaRps: number): QuotaForecast | null {
  const trend = fitTrend(minutes);
  if (trend === null || trend.levelRps < MIN_USED_RATIO * quotaRps || trend.levelRps >= quotaRps) return null;
  const crossing = crossingOf(trend, quotaRps);
  return crossing === null || !isUseful(crossing)
    ? null
    : { slopeRpsPerMinute: trend.slopeRpsPerMinute, ...crossing, basis: 'trend' };
}
