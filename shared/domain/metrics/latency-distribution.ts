/**
 * How far a value may be from the value it is sent as, 0..1. Buckets are this wide, and a bucket is sent as its
 * mean, which lies inside it: so the sum stays exact and every percentile is off by at most this much.
 */
export const RELATIVE_ERROR = 0.01;

const LOG_GAMMA = Math.log1p(RELATIVE_ERROR);

type Bucket = { count: number; sum: number };

/** Latencies in milliseconds, counted in buckets of {@link RELATIVE_ERROR} width. Grows while requests are added. */
export type LatencyDistribution = {
  readonly buckets: Map<number, Bucket>;
  min: number;
  max: number;
};

/** An empty distribution. */
export function createLatencyDistribution(): LatencyDistribution {
  return { buckets: new Map(), min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
}

/**
 * Counts one latency.
 *
 * @param latencyMs - Milliseconds, 0 or more
 */
export function addLatency(distribution: LatencyDistribution, latencyMs: number): void {
  const index = latencyMs < 1 ? -1 : Math.floor(Math.log(latencyMs) / LOG_GAMMA);
  const bucket = distribution.buckets.get(index);
  if (bucket === undefined) distribution.buckets.set(index, { count: 1, sum: latencyMs });
  else {
    bucket.count += 1;
    bucket.sum += latencyMs;
  }
  if (latencyMs < distribution.min) distribution.min = latencyMs;
  if (latencyMs > distribution.max) distribution.max = latencyMs;
}

/** Observations as PutMetricData takes them: `counts[i]` times `values[i]`, each value once. */
export type Observations = { readonly values: number[]; readonly counts: number[] };

/** Takes one observation of exactly `value` out of a bucket, and leaves the mean of the rest. */
function splitOff(bucket: Bucket, value: number): void {
  bucket.count -= 1;
  bucket.sum -= value;
}

/**
 * The distribution as observations, smallest first. Minimum and maximum are values of their own and the sum is
 * exact; every other latency is within {@link RELATIVE_ERROR} of the value it is sent as.
 */
export function toObservations(distribution: LatencyDistribution): Observations {
  const { min, max } = distribution;
  const buckets = [...distribution.buckets].sort(([a], [b]) => a - b).map(([, bucket]) => ({ ...bucket }));
  const first = buckets[0];
  const last = buckets.at(-1);
  if (first === undefined || last === undefined) return { values: [], counts: [] };
  const observed = new Map<number, number>();
  const add = (value: number, count: number): void => {
    observed.set(value, (observed.get(value) ?? 0) + count);
  };
  splitOff(first, min);
  if (last.count > 0) splitOff(last, max);
  add(min, 1);
  for (const { count, sum } of buckets) if (count > 0) add(sum / count, count);
  if (distributionCount(distribution) > 1) add(max, 1);
  return { values: [...observed.keys()], counts: [...observed.values()] };
}

/** The number of latencies counted. */
export function distributionCount(distribution: LatencyDistribution): number {
  let count = 0;
  for (const bucket of distribution.buckets.values()) count += bucket.count;
  return count;
}
