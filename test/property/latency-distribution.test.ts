import fc from 'fast-check';
import { it } from 'vitest';
import {
  addLatency,
  createLatencyDistribution,
  type Observations,
  RELATIVE_ERROR,
  toObservations,
} from '#shared/domain/metrics/latency-distribution.ts';

/** Floating point, beyond what the buckets are off by. */
const EPSILON = 1e-9;

const latencyMs = fc.oneof(
  fc.integer({ min: 0, max: 60_000 }),
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 990, max: 1_010 }),
  fc.double({ min: 1, max: 60_000, noNaN: true }),
);
const latencies = fc.array(latencyMs, { minLength: 1, maxLength: 400 });

function observe(values: readonly number[]): Observations {
  const distribution = createLatencyDistribution();
  for (const value of values) addLatency(distribution, value);
  return toObservations(distribution);
}

function expand({ values, counts }: Observations): number[] {
  return values.flatMap((value, index) => Array<number>(counts[index] ?? 0).fill(value));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function isClose(actual: number, expected: number, relativeError: number): boolean {
  return Math.abs(actual - expected) <= relativeError * expected + EPSILON * Math.max(1, expected);
}

it('toObservations() keeps count, sum, minimum and maximum', () => {
  const property = fc.property(latencies, (values) => {
    const sent = expand(observe(values));

    return (
      sent.length === values.length &&
      isClose(sum(sent), sum(values), 0) &&
      Math.min(...sent) === Math.min(...values) &&
      Math.max(...sent) === Math.max(...values)
    );
  });

  fc.assert(property, { numRuns: 500 });
});

it('toObservations() keeps every percentile within one percent of the nearest rank', () => {
  const property = fc.property(latencies, (values) => {
    const sent = expand(observe(values));
    const sorted = values.toSorted((a, b) => a - b);

    // Rank by rank, which covers every percentile.
    return sorted.every((value, rank) => isClose(sent[rank] ?? Number.NaN, value, RELATIVE_ERROR));
  });

  fc.assert(property, { numRuns: 500 });
});

it('toObservations() needs no more values than buckets, and two, and than latencies', () => {
  const property = fc.property(latencies, (latencies) => {
    const { values, counts } = observe(latencies);

    const largest = Math.max(1, ...latencies);
    const buckets = Math.ceil(Math.log(largest) / Math.log1p(RELATIVE_ERROR)) + 2;
    return (
      values.length <= Math.min(latencies.length, buckets + 2) &&
      counts.every((count) => Number.isInteger(count) && count > 0) &&
      values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0))
    );
  });

  fc.assert(property, { numRuns: 500 });
});

it('toObservations() is the same for any order of whole milliseconds', () => {
  const whole = fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.nat()), { maxLength: 400 });
  const property = fc.property(whole, (ranked) => {
    const shuffled = ranked.toSorted((a, b) => a[1] - b[1]);

    const [before, after] = [ranked, shuffled].map((list) => observe(list.map(([value]) => value)));

    return JSON.stringify(before) === JSON.stringify(after);
  });

  fc.assert(property, { numRuns: 300 });
});
