import {
  fewestTokens,
  firstExactSecond,
  mostRefusals,
  simulateBurstBucket,
} from '#shared/domain/headroom/burst-bucket.ts';
import type { Quota } from '#shared/domain/headroom/quota.ts';

const SECONDS_PER_MINUTE = 60;

/** Account-wide counts of consecutive seconds from `startMs`, which is the start of a minute. */
export type AccountSeconds = {
  readonly startMs: number;
  /** Requests per second; the length is a multiple of 60. */
  readonly requests: readonly number[];
  /** 429s that API Gateway made, per second. */
  readonly throttled: readonly number[];
};

/** The account in one minute. Ratios are shares of the quota, 0 and up. */
export type MinuteHeadroom = {
  readonly minuteMs: number;
  readonly requests: number;
  readonly throttled: number;
  readonly demandRps: number;
  readonly usedRatio: number;
  readonly peakRps: number;
  readonly peakUsedRatio: number;
  /** Start of the busiest second, epoch milliseconds. */
  readonly peakAtMs: number;
  /** The fewest tokens left in the burst bucket. */
  readonly tokensLeft: number;
  /** Requests for which there was no token, had those of each second come evenly. */
  readonly predictedThrottles: number;
  /**
   * How many more there may have been at most, had they come bunched within their seconds; 0 while any two neighbouring
   * seconds fit into the burst, which is below a quarter of the default quota.
   */
  readonly maxMissedThrottles: number;
  readonly secondsAtZero: number;
  /** False while the bucket still depends on how full it was before the first second of the series. */
  readonly burstIsExact: boolean;
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Evaluates each minute against the quota. A minute without any request is left out: nobody knows whether it was
 * quiet or the logs are missing.
 *
 * @throws {RangeError} If the quota's rate or burst is not above 0
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html}
 */
export function evaluateMinutes(account: AccountSeconds, quota: Quota): MinuteHeadroom[] {
  if (!(quota.rateRps > 0) || !(quota.burst > 0)) {
    throw new RangeError(`Cannot evaluate headroom: the quota is ${quota.rateRps} rps, burst ${quota.burst}`);
  }
  const bucket = simulateBurstBucket(account.requests, quota, quota.burst);
  const exactFrom = firstExactSecond(account.requests, quota);
  const fewest = fewestTokens(account.requests, quota, 0);
  const minutes: MinuteHeadroom[] = [];
  for (let start = 0; start < account.requests.length; start += SECONDS_PER_MINUTE) {
    const slice = (values: readonly number[]): readonly number[] =>
      values.slice(start, start + SECONDS_PER_MINUTE);
    const perSecond = slice(account.requests);
    const requests = sum(perSecond);
    if (requests === 0) continue;
    const peakRps = Math.max(...perSecond);
    const tokens = slice(bucket.tokensLeft);
    const demandRps = requests / SECONDS_PER_MINUTE;
    const predictedThrottles = sum(slice(bucket.predictedThrottles));
    const mostThrottles = mostRefusals(perSecond, quota, fewest[start] ?? 0);
    minutes.push({
      minuteMs: account.startMs + start * 1_000,
      requests,
      throttled: sum(slice(account.throttled)),
      demandRps,
      usedRatio: demandRps / quota.rateRps,
      peakRps,
      peakUsedRatio: peakRps / quota.rateRps,
      peakAtMs: account.startMs + (start + perSecond.indexOf(peakRps)) * 1_000,
      tokensLeft: Math.min(...tokens),
      predictedThrottles,
      maxMissedThrottles: Math.ceil(Math.max(0, mostThrottles - predictedThrottles)),
      secondsAtZero: tokens.filter((left) => left === 0).length,
      burstIsExact: start >= exactFrom,
    });
  }
  return minutes;
}
