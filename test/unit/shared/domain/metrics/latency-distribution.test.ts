import { describe, expect, it } from 'vitest';
import {
  addLatency,
  createLatencyDistribution,
  distributionCount,
  toObservations,
} from '#shared/domain/metrics/latency-distribution.ts';

function distributionOf(latencies: readonly number[]) {
  const distribution = createLatencyDistribution();
  for (const latencyMs of latencies) addLatency(distribution, latencyMs);
  return distribution;
}

function observe(...latencies: number[]) {
  return toObservations(distributionOf(latencies));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('toObservations()', () => {
  it.each([
    ['nothing', [], [], []],
    ['one latency', [42], [42], [1]],
    ['two latencies', [250, 42], [42, 250], [1, 1]],
    ['the same latency twice', [42, 42], [42], [2]],
    ['the same latency often', [5, 5, 5, 5], [5], [4]],
    ['zeros', [0, 0, 0], [0], [3]],
    ['zero and one', [1, 0], [0, 1], [1, 1]],
    ['two often', [7, 9, 7, 9, 9], [7, 9], [2, 3]],
    ['three in one bucket', [1_000, 1_001, 1_002], [1_000, 1_001, 1_002], [1, 1, 1]],
    ['a bucket by its mean', [900, 1_000, 1_001, 1_003, 2_000], [900, 1_001 + 1 / 3, 2_000], [1, 3, 1]],
  ])('toObservations() gives %s', (_, latencies, values, counts) => {
    expect(observe(...latencies)).toEqual({ values, counts });
  });

  it('toObservations() gives each value once, smallest first, with minimum and maximum as they were', () => {
    const latencies = range(1, 3_000).map((index) => (index * 7_919) % 29_000);

    const { values, counts } = observe(...latencies);

    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
    expect(values.at(0)).toBe(Math.min(...latencies));
    expect(values.at(-1)).toBe(Math.max(...latencies));
    expect(counts.reduce((sum, count) => sum + count)).toBe(latencies.length);
  });

  it('toObservations() can be asked twice, and between two latencies', () => {
    const distribution = distributionOf([5, 7, 1_000]);

    expect(toObservations(distribution)).toEqual(toObservations(distribution));
    addLatency(distribution, 2_000);
    expect(toObservations(distribution)).toEqual({ values: [5, 7, 1_000, 2_000], counts: [1, 1, 1, 1] });
  });

  it('toObservations() needs at most 700 values for every millisecond up to the integration timeout', () => {
    expect(observe(...range(0, 30_000)).values.length).toBeLessThan(700);
  });
});

describe('distributionCount()', () => {
  it('distributionCount() counts latencies, not buckets', () => {
    expect(distributionCount(distributionOf([]))).toBe(0);
    expect(distributionCount(distributionOf([5, 5, 5, 900]))).toBe(4);
  });
});
