import { describe, expect, it } from 'vitest';
import { firstExactSecond, simulateBurstBucket } from '#shared/domain/headroom/demand/burst-bucket.ts';

const QUOTA = { rateRps: 100, burst: 50 };

describe('simulateBurstBucket()', () => {
  it('simulateBurstBucket() spends the burst, then refuses, then refills', () => {
    expect(simulateBurstBucket([120, 120, 120, 120, 90, 0], QUOTA, 50)).toEqual({
      tokensLeft: [30, 10, 0, 0, 10, 50],
      predictedThrottles: [0, 0, 10, 20, 0, 0],
    });
  });

  it.each([
    ['no demand', [0], 20, [50], [0]],
    ['demand at the rate', [100, 100], 20, [20, 20], [0, 0]],
    ['demand that just empties it', [150], 50, [0], [0]],
    ['one request more than that', [151], 50, [0], [1]],
    ['an empty bucket', [101], 0, [0], [1]],
    ['no seconds', [], 50, [], []],
  ])('simulateBurstBucket() handles %s', (_, demand, tokens, tokensLeft, predictedThrottles) => {
    expect(simulateBurstBucket(demand, QUOTA, tokens)).toEqual({ tokensLeft, predictedThrottles });
  });

  it('simulateBurstBucket() never holds more than the burst', () => {
    expect(simulateBurstBucket([0, 0, 0], QUOTA, 50).tokensLeft).toEqual([50, 50, 50]);
  });
});

describe('firstExactSecond()', () => {
  it.each([
    ['a quiet second that fills any bucket', [0, 90], 0],
    ['a second that fills an empty bucket all but one token', [51, 51], 1],
    ['a second that empties a full bucket', [100, 151, 100], 2],
    ['several seconds that empty a full bucket together', [120, 120, 120, 100], 3],
    ['demand just below the rate for a while', [80, 80, 80, 80], 2],
    ['a second in which an empty bucket refuses and a full one does not', [150, 100], 1],
  ])('firstExactSecond() finds the end of doubt after %s', (_, demand, expected) => {
    expect(firstExactSecond(demand, QUOTA)).toBe(expected);
  });

  it('firstExactSecond() returns the length where full and empty never meet', () => {
    expect(firstExactSecond([100, 100, 100], QUOTA)).toBe(3);
    expect(firstExactSecond([], QUOTA)).toBe(0);
  });

  it('firstExactSecond() is not the second that a full bucket serves and an empty one refuses', () => {
    const demand = [200, 0];

    const second = firstExactSecond(demand, QUOTA);

    // Both are empty after the first second, but they refused 50 and 100 requests in it.
    expect(simulateBurstBucket(demand, QUOTA, 50).predictedThrottles[0]).toBe(50);
    expect(simulateBurstBucket(demand, QUOTA, 0).predictedThrottles[0]).toBe(100);
    expect(second).toBe(1);
  });
});
