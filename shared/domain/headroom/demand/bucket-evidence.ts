import { simulateBurstBucket } from '#shared/domain/headroom/demand/burst-bucket.ts';
import {
  type AccountSeconds,
  demandPerSecond,
  SECONDS_PER_MINUTE,
} from '#shared/domain/headroom/demand/minute-headroom.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';

/**
 * What the account's bucket says of 429s in a second. `spare`: it cannot have been empty, so they are somebody else's.
 * `empty`: it was. `unclear`: it may have been, for requests that came bunched.
 */
export type BucketEvidence = 'spare' | 'empty' | 'unclear';

/** Of the burst, what must be left over: the bucket is best effort, and its start is known to the second only. */
const SPARE_MARGIN = 0.1;

/** Less than half a request is a rounding, not a refusal. */
const MIN_PREDICTED = 0.5;

/**
 * Judges each second by its demand. A second has tokens to spare if all its requests could have come at one instant, before
 * any refill; what is unlogged counts twice there, since it is known as a mean only.
 */
export function bucketEvidence(account: AccountSeconds, quota: Quota): BucketEvidence[] {
  const demand = demandPerSecond(account);
  const { tokensLeft, predictedThrottles } = simulateBurstBucket(demand, quota, quota.burst);
  return demand.map((requests, second) => {
    if ((predictedThrottles[second] ?? 0) >= MIN_PREDICTED) return 'empty';
    const before = tokensLeft[second - 1] ?? quota.burst;
    const unlogged = account.unloggedRps?.[Math.floor(second / SECONDS_PER_MINUTE)] ?? 0;
    return before - requests - unlogged >= SPARE_MARGIN * quota.burst ? 'spare' : 'unclear';
  });
}
