import { simulateBurstBucket } from '#shared/domain/headroom/demand/burst-bucket.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';

/** What a limit at the culprit's stage would have done. */
export type ProtectiveLimit = {
  /** The limit's rate, two significant digits; above 0. */
  readonly rateRps: number;
  /** The limit's burst: half of the rate, as AWS relates those of the account. */
  readonly burst: number;
  /** Mean of the culprit's own requests that it would have refused, requests per second. */
  readonly refusedRps: number;
};

/** What is to be left of the quota when the limit works; the busiest seconds of the others need the rest. */
const FILL_RATIO = 0.85;

/** How far above its usual rate a limit must be, so that an ordinary day does not meet it. */
const USUAL_MARGIN = 1.2;

/** Rounds down: a limit that is rounded up would take from the others again. */
function floorToTwoDigits(value: number): number {
  if (value < 1) return 0;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.floor(value / unit) * unit;
}

/** The stage that takes the quota, and what the others take meanwhile; all in requests per second. */
export type LimitNeed = {
  readonly usualRps: number;
  /** Its requests in each second of the minute. */
  readonly perSecond: readonly number[];
  readonly othersRps: number;
};

/**
 * Finds the limit that would have protected the others in a minute: what they leave of 85 % of the quota. How many of the
 * culprit's own requests it would have refused is told by running them through its bucket.
 *
 * @returns `null` if no limit both keeps the stage's usual traffic and protects the others
 */
export function protectiveLimit(
  { usualRps, perSecond, othersRps }: LimitNeed,
  quota: Quota,
): ProtectiveLimit | null {
  const rateRps = floorToTwoDigits(FILL_RATIO * quota.rateRps - othersRps);
  if (rateRps < 1 || rateRps < USUAL_MARGIN * usualRps) return null;
  const burst = Math.max(1, Math.round(rateRps / 2));
  const { predictedThrottles } = simulateBurstBucket(perSecond, { rateRps, burst }, burst);
  const refused = predictedThrottles.reduce((sum, requests) => sum + requests, 0);
  return { rateRps, burst, refusedRps: refused / Math.max(1, perSecond.length) };
}
