import { describe, expect, it } from 'vitest';
import { protectiveLimit } from '#shared/domain/headroom/neighbours/protective-limit.ts';

const QUOTA = { rateRps: 10_000, burst: 5_000 };

function steady(rps: number): number[] {
  return Array<number>(60).fill(rps);
}

describe('protectiveLimit()', () => {
  it('protectiveLimit() leaves the culprit what the others leave of 85 % of the quota, and counts what it refuses', () => {
    const limit = protectiveLimit({ usualRps: 900, perSecond: steady(6_100), othersRps: 4_140 }, QUOTA);

    // 8,500 less 4,140, two digits; its bucket of 2,150 lets so many more through.
    expect(limit).toEqual({ rateRps: 4_300, burst: 2_150, refusedRps: 1_800 - 2_150 / 60 });
  });

  it('protectiveLimit() refuses in the seconds in which the culprit is above it only', () => {
    const perSecond = [...Array<number>(30).fill(12_200), ...Array<number>(30).fill(0)];

    expect(protectiveLimit({ usualRps: 900, perSecond, othersRps: 4_140 }, QUOTA)?.refusedRps).toBe(
      (30 * (12_200 - 4_300) - 2_150) / 60,
    );
  });

  it.each([
    [3_583, 4_300],
    [3_584, null],
  ])('protectiveLimit() keeps a usual rate of %i rps with a margin, or names none', (usualRps, expected) => {
    const limit = protectiveLimit({ usualRps, perSecond: steady(6_100), othersRps: 4_140 }, QUOTA);

    expect(limit?.rateRps ?? null).toBe(expected);
  });

  it.each([
    ['nothing', 8_500, null],
    ['more than everything', 12_000, null],
    ['one request', 8_499, 1],
    ['next to everything', 0, 8_500],
    ['a number of two digits', 8_401, 99],
    ['a number of three', 8_399, 100],
    ['a number that would be rounded up', 8_301, 190],
  ])('protectiveLimit() has for the culprit what the others leave: %s', (_, othersRps, expected) => {
    const limit = protectiveLimit({ usualRps: 0, perSecond: steady(9_000), othersRps }, QUOTA);

    expect(limit?.rateRps ?? null).toBe(expected);
  });
});
