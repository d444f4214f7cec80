import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, trailingSums, wilsonLowerBound } from '#shared/domain/detection/statistics.ts';

describe('wilsonLowerBound()', () => {
  // Worked out apart from the code, with z = 1.959964.
  it.each([
    [0, 10, 0],
    [1, 10, 0.0179],
    [3, 3, 0.4385],
    [3, 10, 0.1078],
    [5, 10, 0.2366],
    [10, 10, 0.7225],
    [1, 100, 0.0018],
    [50, 100, 0.4038],
    [99, 100, 0.9455],
    [1_000, 100_000, 0.0094],
  ])('wilsonLowerBound() of %i of %i is %d', (hits, total, expected) => {
    expect(wilsonLowerBound(hits, total)).toBeCloseTo(expected, 3);
  });

  it('wilsonLowerBound() of nothing is 0', () => {
    expect(wilsonLowerBound(0, 0)).toBe(0);
  });

  it('wilsonLowerBound() comes closer to the ratio the more is known', () => {
    const bounds = [10, 100, 1_000, 10_000].map((total) => wilsonLowerBound(total / 10, total));

    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    expect(bounds.every((bound) => bound > 0 && bound < 0.1)).toBe(true);
  });
});

describe('median()', () => {
  it.each([
    [[], null],
    [[7], 7],
    [[7, 3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2],
    [[100, 9, 20], 20],
    [[-5, 0, -10], -5],
    [[2, 2, 2], 2],
  ])('median() of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('median() finds what sorting finds', () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }));
    const property = fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
      const sorted = [...values].sort((a, b) => a - b);

      // Of 0 and -0 either may stand first.
      return median(values) === sorted[Math.floor((values.length - 1) / 2)];
    });

    fc.assert(property, { numRuns: 1_000 });
  });

  it('median() leaves the values in their order', () => {
    const values = [3, 1, 2];

    median(values);

    expect(values).toEqual([3, 1, 2]);
  });
});

describe('trailingSums()', () => {
  it.each([
    [5, 1, 16],
    [5, 2, 24],
    [5, 5, 31],
    [5, 100, 31],
    [1, 1, 1],
    [3, 2, 6],
    [0, 3, 0],
    [3, 0, 0],
  ])('trailingSums() of the window that ends at %i and has %i values is %i', (end, length, expected) => {
    expect(trailingSums([1, 2, 4, 8, 16])(end, length)).toBe(expected);
  });

  it('trailingSums() stays exact over many values', () => {
    const sums = trailingSums(Array<number>(100_000).fill(123_456));

    expect(sums(100_000, 60)).toBe(60 * 123_456);
  });
});
