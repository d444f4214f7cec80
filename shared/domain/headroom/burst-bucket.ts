import type { Quota } from '#shared/domain/headroom/quota.ts';

/** The bucket over time; both arrays have one entry a second. */
export type BurstBucket = {
  /** Tokens left at the end of each second, 0 to the burst. */
  readonly tokensLeft: readonly number[];
  /** Requests of each second for which there was no token. */
  readonly predictedThrottles: readonly number[];
};

/**
 * Runs the account's token bucket over a demand per second. Within a second the refill and the requests are taken
 * to arrive evenly, so a prediction may miss refusals of requests that come bunched inside one second.
 *
 * @param demand - Requests of each second
 * @param startTokens - Tokens in the bucket before the first second, 0 to the burst
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html}
 */
export function simulateBurstBucket(
  demand: readonly number[],
  quota: Quota,
  startTokens: number,
): BurstBucket {
  const tokensLeft: number[] = [];
  const predictedThrottles: number[] = [];
  let tokens = startTokens;
  for (const requests of demand) {
    const after = tokens + quota.rateRps - requests;
    predictedThrottles.push(Math.max(0, -after));
    tokens = Math.min(quota.burst, Math.max(0, after));
    tokensLeft.push(tokens);
  }
  return { tokensLeft, predictedThrottles };
}

/**
 * The first second from which nothing depends on how full the bucket was before: from there on, a bucket that started
 * full and one that started empty leave the same tokens and refuse the same requests.
 *
 * @returns An index into the demand, or its length when they never meet
 */
export function firstExactSecond(demand: readonly number[], quota: Quota): number {
  const full = simulateBurstBucket(demand, quota, quota.burst);
  const empty = simulateBurstBucket(demand, quota, 0);
  const index = full.tokensLeft.findIndex(
    (tokens, second) =>
      tokens === empty.tokensLeft[second] &&
      full.predictedThrottles[second] === empty.predictedThrottles[second],
  );
  return index < 0 ? demand.length : index;
}
