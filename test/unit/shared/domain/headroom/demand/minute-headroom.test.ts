import { describe, expect, it } from 'vitest';
import { evaluateMinutes } from '#shared/domain/headroom/demand/minute-headroom.ts';

const QUOTA = { rateRps: 100, burst: 50 };
const START_MS = Date.UTC(2026, 2, 2, 14);

/** Minutes of a constant rate, with some seconds different. */
function seconds(rates: readonly number[], differences: Record<number, number> = {}): number[] {
  const constant = rates.flatMap((rate) => Array<number>(60).fill(rate));
  return constant.map((rate, second) => differences[second] ?? rate);
}

function evaluate(requests: readonly number[], throttled: readonly number[] = seconds([0])) {
  return evaluateMinutes({ startMs: START_MS, requests, throttled }, QUOTA);
}

describe('evaluateMinutes()', () => {
  it('evaluateMinutes() measures a minute against the quota', () => {
    const requests = seconds([40], { 7: 130, 30: 60 });

    expect(evaluate(requests, seconds([0], { 7: 2, 8: 1 }))).toEqual([
      {
        minuteMs: START_MS,
        requests: 58 * 40 + 130 + 60,
        throttled: 3,
        refusedEarlier: 0,
        unloggedRps: 0,
        clippedSeconds: 0,
        admittedRps: (58 * 40 + 130 + 60) / 60 - 3 / 60,
        demandRps: (58 * 40 + 130 + 60) / 60,
        usedRatio: (58 * 40 + 130 + 60) / 6_000,
        peakRps: 130,
        peakUsedRatio: 1.3,
        peakAtMs: START_MS + 7_000,
        tokensLeft: 20,
        predictedThrottles: 0,
        maxMissedThrottles: 1_020,
        secondsAtZero: 0,
        burstIsExact: true,
      },
    ]);
  });

  it('evaluateMinutes() does not charge the account with what was refused before it', () => {
    const account = {
      startMs: START_MS,
      requests: seconds([80], { 7: 300 }),
      throttled: seconds([10], { 7: 230 }),
      refusedEarlier: seconds([10], { 7: 220 }),
    };

    const [minute] = evaluateMinutes(account, QUOTA);

    expect(minute).toMatchObject({
      requests: 59 * 80 + 300,
      throttled: 59 * 10 + 230,
      refusedEarlier: 59 * 10 + 220,
      demandRps: (59 * 70 + 80) / 60,
      peakRps: 80,
      predictedThrottles: 0,
    });
    expect(minute?.admittedRps).toBeCloseTo((59 * 70 + 70) / 60);
  });

  it('evaluateMinutes() tells a flat top by what was let through, not by what was asked for', () => {
    const account = {
      startMs: START_MS,
      requests: seconds([100], Object.fromEntries(Array.from({ length: 12 }, (_, at) => [at, 105]))),
      throttled: seconds([0], Object.fromEntries(Array.from({ length: 12 }, (_, at) => [at, 5]))),
    };

    expect(evaluateMinutes(account, QUOTA)).toMatchObject([{ clippedSeconds: 60 }]);
  });

  it('evaluateMinutes() finds a flat top beside many refusals that are not the account’s', () => {
    const account = {
      startMs: START_MS,
      requests: seconds([110]),
      throttled: seconds([10]),
      refusedEarlier: seconds([10]),
    };

    expect(evaluateMinutes(account, QUOTA)).toMatchObject([{ clippedSeconds: 60 }]);
    expect(evaluateMinutes({ ...account, refusedEarlier: seconds([0]) }, QUOTA)).toMatchObject([
      { clippedSeconds: 0 },
    ]);
  });

  it('evaluateMinutes() adds the minute’s mean of what is unlogged to every second', () => {
    const account = {
      startMs: START_MS,
      requests: seconds([60, 60, 0, 0], { 5: 70 }),
      throttled: seconds([0, 0, 0, 0]),
      unloggedRps: [0, 45, 30, 0],
    };

    const minutes = evaluateMinutes(account, QUOTA);

    expect(minutes.map(({ requests, unloggedRps, peakRps }) => [requests, unloggedRps, peakRps])).toEqual([
      [3_610, 0, 70],
      [3_600, 45, 105],
      [0, 30, 30],
    ]);
    expect(minutes[1]).toMatchObject({ demandRps: 105, usedRatio: 1.05, predictedThrottles: 250 });
  });

  it('evaluateMinutes() leaves out a minute without requests, and keeps the times of the others', () => {
    const minutes = evaluate(seconds([10, 0, 20]), seconds([0, 0, 0]));

    expect(minutes.map(({ minuteMs, demandRps }) => [minuteMs, demandRps])).toEqual([
      [START_MS, 10],
      [START_MS + 120_000, 20],
    ]);
  });

  it('evaluateMinutes() carries the bucket from minute to minute', () => {
    const [first, second] = evaluate(seconds([100, 100], { 59: 150, 60: 110 }), seconds([0, 0]));

    expect(first).toMatchObject({ tokensLeft: 0, predictedThrottles: 0, secondsAtZero: 1 });
    expect(second).toMatchObject({ tokensLeft: 0, predictedThrottles: 10, secondsAtZero: 60 });
  });

  it.each([
    ['two neighbouring seconds fit into the burst', seconds([0, 25]), 0],
    ['every pair of seconds is one request over it', seconds([0, 25], { 61: 26, 63: 26 }), 2],
    ['a busy second has a quiet one before and after it', seconds([0, 0], { 80: 90 }), 40],
    ['the grid predicts a part of it', seconds([0, 0], { 80: 190 }), 100],
    ['a busy second meets the start of the next minute', seconds([0, 0], { 59: 50, 60: 10 }), 10],
  ])('evaluateMinutes() says how much bunched requests may hide where %s', (_, requests, expected) => {
    expect(evaluate(requests, seconds([0, 0])).at(-1)?.maxMissedThrottles).toBe(expected);
  });

  it('evaluateMinutes() says from when on the bucket is known', () => {
    const exactness = (requests: number[]) =>
      evaluate(requests, seconds([0, 0])).map(({ burstIsExact }) => burstIsExact);

    expect(exactness(seconds([10, 10]))).toEqual([true, true]);
    expect(exactness(seconds([100, 100]))).toEqual([false, false]);
    expect(exactness(seconds([100, 100], { 30: 20 }))).toEqual([false, true]);
    expect(exactness(seconds([100, 100], { 0: 200 }))).toEqual([false, true]);
    expect(exactness(seconds([100, 100], { 60: 200 }))).toEqual([false, false]);
  });

  it('evaluateMinutes() takes the first of several busiest seconds', () => {
    expect(evaluate(seconds([10], { 20: 50, 40: 50 }))[0]).toMatchObject({ peakAtMs: START_MS + 20_000 });
  });

  it('evaluateMinutes() works with the smallest quota', () => {
    const account = { startMs: START_MS, requests: seconds([1]), throttled: seconds([0]) };

    expect(evaluateMinutes(account, { rateRps: 1, burst: 1 })).toMatchObject([
      { usedRatio: 1, tokensLeft: 1 },
    ]);
  });

  it('evaluateMinutes() has nothing to say of no seconds', () => {
    expect(evaluate([], [])).toEqual([]);
  });

  it.each([
    [0, 50],
    [-1, 50],
    [Number.NaN, 50],
    [100, 0],
    [100, Number.NaN],
  ])('evaluateMinutes() throws for a quota of %d rps, burst %d', (rateRps, burst) => {
    const account = { startMs: START_MS, requests: seconds([1]), throttled: seconds([0]) };

    expect(() => evaluateMinutes(account, { rateRps, burst })).toThrow(
      `Cannot evaluate headroom: the quota is ${rateRps} rps, burst ${burst}`,
    );
  });
});
