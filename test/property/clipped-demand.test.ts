import { describe, expect, it } from 'vitest';
import { clippedSeconds } from '#shared/domain/headroom/demand/clipped-demand.ts';
import { createRandom } from '#test/fakes/random.ts';

const MINUTES = 500;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** About Poisson, by its normal limit; exact enough from a mean of 50 on. */
function arrivals(mean: number, random: () => number): number {
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
}

/** The share of minutes that are taken for clipped. */
function shareOfClipped(rateRps: number, nextMinute: () => readonly number[]): number {
  let clipped = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    if (clippedSeconds({ admitted: nextMinute(), unloggedRps: 0, refused: 0 }, rateRps) > 0) clipped += 1;
  }
  return clipped / MINUTES;
}

/** What a token bucket lets through of a demand, once its burst is used up; the 429s are lost. */
function createCappedAccount(
  rateRps: number,
  demandRps: number,
  random: () => number,
  wobbleRatio = 0,
): () => number[] {
  let tokens = 0;
  return () =>
    Array.from({ length: 60 }, () => {
      const refill = rateRps * (1 + wobbleRatio * normal(random));
      const admitted = Math.min(arrivals(demandRps, random), Math.floor(tokens + refill));
      tokens = Math.min(rateRps / 2, tokens + refill - admitted);
      return admitted;
    });
}

describe('clippedSeconds() on simulated minutes', () => {
  it.each(
    [100, 1_000, 10_000].flatMap((rateRps) =>
      [0.5, 0.9, 0.95, 0.98, 1].map((used) => [rateRps, used] as const),
    ),
  )('clippedSeconds() takes no genuine load for clipped: quota %i rps, used %d', (rateRps, used) => {
    const random = createRandom(rateRps + used * 100);

    const share = shareOfClipped(rateRps, () =>
      Array.from({ length: 60 }, () => arrivals(used * rateRps, random)),
    );

    expect(share).toBe(0);
  });

  it.each([
    [100, 1.2, 0.95],
    [100, 2, 1],
    [1_000, 1.05, 0.95],
    [1_000, 1.5, 1],
    [10_000, 1.02, 0.95],
    [10_000, 2, 1],
  ])(
    'clippedSeconds() finds a capped account: quota %i rps, asked for %d times that',
    (rateRps, asked, atLeast) => {
      const nextMinute = createCappedAccount(rateRps, asked * rateRps, createRandom(rateRps + asked));
      nextMinute();

      expect(shareOfClipped(rateRps, nextMinute)).toBeGreaterThanOrEqual(atLeast);
    },
  );

  it.each([
    [0.002, 1, 1],
    [0.005, 0.6, 0.75],
    [0.01, 0, 0],
  ])('clippedSeconds() finds fewer minutes of a throttle whose rate wobbles by %d', (wobble, least, most) => {
    const nextMinute = createCappedAccount(10_000, 12_000, createRandom(7), wobble);
    nextMinute();

    const share = shareOfClipped(10_000, nextMinute);

    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
  });
});
