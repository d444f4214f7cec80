import {
  fewestTokens,
  firstExactSecond,
  mostRefusals,
  simulateBurstBucket,
} from '#shared/domain/headroom/demand/burst-bucket.ts';
import { clippedSeconds } from '#shared/domain/headroom/demand/clipped-demand.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';

/** Seconds of a minute, by which series per second are cut. */
export const SECONDS_PER_MINUTE = 60;

/** Account-wide counts of consecutive seconds from `startMs`, which is the start of a minute. */
export type AccountSeconds = {
  readonly startMs: number;
  /** Logged requests per second; the length is a multiple of 60. */
  readonly requests: readonly number[];
  /** 429s that API Gateway made, per second. */
  readonly throttled: readonly number[];
  /**
   * Those of the 429s, per second, that a usage plan, method or stage limit made: they never reached the account throttle.
   * Absent where nobody has told them apart.
   */
  readonly refusedEarlier?: readonly number[];
  /** Requests per second of stages without a readable access log, the mean of each minute; absent where nobody counts them. */
  readonly unloggedRps?: readonly number[];
};

/** The account in one minute. Ratios are shares of the quota, 0 and up. */
export type MinuteHeadroom = {
  readonly minuteMs: number;
  /** Logged requests. */
  readonly requests: number;
  /** 429s that API Gateway made, at whichever level. */
  readonly throttled: number;
  /** Those of them that never reached the account throttle. */
  readonly refusedEarlier: number;
  /** Mean of the stages without a readable access log; part of the demand, and as uncertain as a mean. */
  readonly unloggedRps: number;
  /** What the account throttle was asked for: logged requests less those refused earlier, and the unlogged ones. */
  readonly demandRps: number;
  /** What it let through: demand less its own 429s. */
  readonly admittedRps: number;
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
  /** Seconds that lie flat at the quota with next to no 429s in the logs; then the demand is a lower bound. Else 0. */
  readonly clippedSeconds: number;
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What the account throttle was asked for, per second. Requests that WAF blocked are in it: whether they count is not known. */
export function demandPerSecond({ requests, refusedEarlier, unloggedRps }: AccountSeconds): number[] {
  return requests.map(
    (count, second) =>
      Math.max(0, count - (refusedEarlier?.[second] ?? 0)) +
      (unloggedRps?.[Math.floor(second / SECONDS_PER_MINUTE)] ?? 0),
  );
}

type Minute = Pick<
  MinuteHeadroom,
  'requests' | 'throttled' | 'refusedEarlier' | 'unloggedRps' | 'clippedSeconds'
>;

/** What is counted of one minute, whatever the bucket does. */
function countMinute(account: AccountSeconds, start: number, rateRps: number): Minute {
  const slice = (values: readonly number[]): readonly number[] =>
    values.slice(start, start + SECONDS_PER_MINUTE);
  const logged = slice(account.requests);
  const refused = slice(account.throttled);
  const throttled = sum(refused);
  // Whole requests, spread over the seconds as shares.
  const refusedEarlier = Math.round(sum(slice(account.refusedEarlier ?? [])));
  const unloggedRps = account.unloggedRps?.[start / SECONDS_PER_MINUTE] ?? 0;
  const admitted = logged.map((count, second) => count - (refused[second] ?? 0) + unloggedRps);
  return {
    requests: sum(logged),
    throttled,
    refusedEarlier,
    unloggedRps,
    clippedSeconds: clippedSeconds({ admitted, unloggedRps, refused: throttled - refusedEarlier }, rateRps),
  };
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
  const demand = demandPerSecond(account);
  const bucket = simulateBurstBucket(demand, quota, quota.burst);
  const exactFrom = firstExactSecond(demand, quota);
  const fewest = fewestTokens(demand, quota, 0);
  const minutes: MinuteHeadroom[] = [];
  for (let start = 0; start < demand.length; start += SECONDS_PER_MINUTE) {
    const slice = (values: readonly number[]): readonly number[] =>
      values.slice(start, start + SECONDS_PER_MINUTE);
    const minute = countMinute(account, start, quota.rateRps);
    if (minute.requests === 0 && minute.unloggedRps === 0) continue;
    const perSecond = slice(demand);
    const peakRps = Math.max(...perSecond);
    const tokens = slice(bucket.tokensLeft);
    const demandRps = sum(perSecond) / SECONDS_PER_MINUTE;
    const predictedThrottles = sum(slice(bucket.predictedThrottles));
    const mostThrottles = mostRefusals(perSecond, quota, fewest[start] ?? 0);
    minutes.push({
      ...minute,
      minuteMs: account.startMs + start * 1_000,
      demandRps,
      admittedRps: demandRps - (minute.throttled - minute.refusedEarlier) / SECONDS_PER_MINUTE,
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
