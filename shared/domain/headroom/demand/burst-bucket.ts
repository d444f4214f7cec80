import type { Quota } from '#shared/domain/headroom/quota/quota.ts';

/** The bucket over time; both arrays have one entry a second. */
export type BurstBucket = {
  /** Tokens left at the end of each second, 0 to the burst. */
  readonly tokensLeft: readonly number[];
  /** Requests of each second for which there was no token. */
  readonly predictedThrottles: readonly number[];
};

/**
 * Runs the account's token bucket over a demand per second. Within a second the refill and the requests are taken
 * to arrive evenly, so a prediction may miss refusals of requests that come bunched inside one second:
 * {@link mostRefusals} says how many at most.
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
 * full and one that started empty leave the same tokens and refuse the same requests. That is exact of the start, not
 * of the arrivals within a second.
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

/**
 * The fewest tokens that may be left at the start of each second, however its requests and those before arrived.
 *
 * @param startTokens - The fewest that may be in the bucket before the first second
 * @returns One entry a second
 */
export function fewestTokens(demand: readonly number[], quota: Quota, startTokens: number): number[] {
  let tokens = startTokens;
  return demand.map((requests) => {
    const before = tokens;
    tokens = Math.max(0, Math.min(quota.burst, tokens + quota.rateRps) - requests);
    return before;
  });
}

/**
 * The most requests that the bucket may refuse, however the requests of each second arrived within it.
 *
 * Between two moments at which the bucket is full, what is refused is what was asked for, less the burst and the refill
 * in between. Of neighbouring seconds, the first may come at its end and the last at its start, so that only the
 * seconds between them refill. The worst case is the worst way to cut the demand into such runs, and some arrivals
 * reach it: it is no looser than the counts per second allow.
 *
 * @param demand - Requests of each second; the time taken grows with the square of the seconds
 * @param startTokens - The fewest tokens that may be in the bucket before the first second, 0 to the burst
 */
export function mostRefusals(
  demand: readonly number[],
  { rateRps, burst }: Quota,
  startTokens: number,
): number {
  // Then no run asks for more than it finds: the most common case, and a quick answer.
  if (Math.max(...demand) <= Math.min(rateRps, burst / 2, startTokens)) return 0;
  // worst[n]: of the first n seconds.
  const worst = [0];
  for (let last = 0; last < demand.length; last += 1) {
    let most = worst[last] ?? 0;
    let requests = 0;
    for (let first = last; first >= 0; first -= 1) {
      requests += demand[first] ?? 0;
      const fromFull = burst + rateRps * Math.max(0, last - first - 1);
      const served = first === 0 ? Math.min(fromFull, startTokens + rateRps * last) : fromFull;
      most = Math.max(most, (worst[first] ?? 0) + Math.ceil(requests - served));
    }
    worst.push(most);
  }
  return worst[demand.length] ?? 0;
}
