import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitTrend, type MinuteDemand, trendOf } from '#shared/domain/headroom/forecast/demand-trend.ts';
import { forecastQuota } from '#shared/domain/headroom/forecast/forecast-quota.ts';
import { createClimb, type Noise } from '#test/fakes/climbing-demand.ts';
import { createRandom } from '#test/fakes/random.ts';

const MINUTE_MS = 60_000;
const END_MS = Date.UTC(2026, 5, 1, 12);

const noise = fc.record({
  deviationRatio: fc.constantFrom(0, 0.01, 0.03),
  likeness: fc.constantFrom(0, 0.5, 0.8),
});
const climb = fc
  .record({
    seed: fc.integer(),
    levelRps: fc.integer({ min: 300, max: 990 }),
    minutes: fc.integer({ min: 5, max: 150 }),
    noise,
  })
  .map(({ seed, levelRps, minutes, noise }) =>
    createClimb(
      { levelRps, slopeRpsPerMinute: (1_000 - levelRps) / minutes, noise },
      30,
      END_MS,
      createRandom(seed),
    ),
  );

const scaled = (minutes: readonly MinuteDemand[], factor: number) =>
  minutes.map(({ minuteMs, demandRps }) => ({ minuteMs, demandRps: factor * demandRps }));

describe('forecastQuota()', () => {
  it('forecastQuota() does not depend on how big an account is', () => {
    // Powers of two, which computers multiply by exactly.
    const factor = fc.integer({ min: -6, max: 6 }).map((power) => 2 ** power);
    const property = fc.property(climb, factor, (minutes, factor) => {
      const small = forecastQuota(minutes, 1_000);

      expect(forecastQuota(scaled(minutes, factor), factor * 1_000)).toEqual(
        small === null ? null : { ...small, slopeRpsPerMinute: factor * small.slopeRpsPerMinute },
      );
    });

    fc.assert(property, { numRuns: 500 });
  });

  it('forecastQuota() does not depend on the order of the minutes, or on what was before the half hour', () => {
    const property = fc.property(climb, fc.nat(1_000), (minutes, demandRps) => {
      const older = [1, 2, 50].map((before) => ({ minuteMs: END_MS - (30 + before) * MINUTE_MS, demandRps }));

      expect(forecastQuota([...minutes.toReversed(), ...older], 1_000)).toEqual(
        forecastQuota(minutes, 1_000),
      );
    });

    fc.assert(property, { numRuns: 300 });
  });

  it('forecastQuota() expects the quota sooner where demand climbs more steeply to the same level', () => {
    const property = fc.property(
      climb,
      fc.double({ min: 0.01, max: 3, noNaN: true }),
      (minutes, morePerMinute) => {
        const steeper = minutes.map(({ minuteMs, demandRps }) => ({
          minuteMs,
          // A minute's mean stands in its middle.
          demandRps: demandRps + morePerMinute * ((minuteMs - END_MS) / MINUTE_MS + 0.5),
        }));

        const [before, after] = [minutes, steeper].map((given) => forecastQuota(given, 1_000));
        return !before || !after || after.minutesToQuota < before.minutesToQuota + 1e-9;
      },
    );

    fc.assert(property, { numRuns: 500 });
  });

  it('forecastQuota() has its time within its interval, ahead, and within the horizon', () => {
    const property = fc.property(climb, (minutes) => {
      const forecast = forecastQuota(minutes, 1_000);
      if (forecast === null) return true;
      const { earliestMinutes, minutesToQuota, latestMinutes } = forecast;

      return (
        earliestMinutes >= 0 &&
        earliestMinutes <= minutesToQuota &&
        minutesToQuota <= latestMinutes &&
        minutesToQuota > 0 &&
        minutesToQuota <= 180 &&
        latestMinutes <= 4 * Math.max(5, earliestMinutes)
      );
    });

    fc.assert(property, { numRuns: 1_000 });
  });

  it('trendOf() is not bent by a few odd minutes', () => {
    const odd = fc.uniqueArray(fc.nat(29), { maxLength: 4 });
    const property = fc.property(odd, fc.nat(100_000), (places, demandRps) => {
      const line = Array.from({ length: 30 }, (_, index) => ({
        minuteMs: index * MINUTE_MS,
        demandRps: 500 + 10 * index,
      }));
      const bent = line.map((minute, index) => (places.includes(index) ? { ...minute, demandRps } : minute));

      return Math.abs((trendOf(bent) ?? Number.NaN) - 10) < 1e-9;
    });

    fc.assert(property, { numRuns: 500 });
  });
});

/** Over many climbs that reach the quota after the same time: how many were forecast, and whose interval held it. */
function coverageOf(quotaRps: number, usedRatio: number, minutes: number, noise: Noise) {
  const levelRps = usedRatio * quotaRps;
  const line = { levelRps, slopeRpsPerMinute: (quotaRps - levelRps) / minutes, noise };
  const runs = 300;
  let given = 0;
  let held = 0;
  for (let seed = 0; seed < runs; seed += 1) {
    const forecast = forecastQuota(createClimb(line, 30, END_MS, createRandom(seed)), quotaRps);
    if (forecast === null) continue;
    given += 1;
    if (forecast.earliestMinutes <= minutes && minutes <= forecast.latestMinutes) held += 1;
  }
  return { givenRatio: given / runs, heldRatio: held / given };
}

/** A climb to the quota within so many minutes that went flat some minutes before the newest one. */
function brokenClimb(
  quotaRps: number,
  minutesToQuota: number,
  flatMinutes: number,
  noise: Noise,
  seed: number,
) {
  const random = createRandom(seed);
  const levelRps = 0.8 * quotaRps;
  const breakMs = END_MS - flatMinutes * MINUTE_MS;
  const slopeRpsPerMinute = (quotaRps - levelRps) / minutesToQuota;
  const flat = createClimb({ levelRps, slopeRpsPerMinute: 0, noise }, flatMinutes, END_MS, random);
  return [...createClimb({ levelRps, slopeRpsPerMinute, noise }, 30, breakMs, random), ...flat];
}

describe('forecastQuota() when a climb breaks off', () => {
  const NOISES: Noise[] = [
    { deviationRatio: 0, likeness: 0 },
    { deviationRatio: 0.01, likeness: 0.5 },
  ];
  const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

  it.each([1_000, 10_000].flatMap((quotaRps) => NOISES.map((noise) => [quotaRps, noise] as const)))(
    'forecastQuota() is silent of a quota of %i rps within eight minutes, and stays so, noise %j',
    (quotaRps, noise) => {
      for (const flatMinutes of [8, 10, 13, 16, 20, 25, 30]) {
        const wrong = SEEDS.filter(
          (seed) => forecastQuota(brokenClimb(quotaRps, 15, flatMinutes, noise, seed), quotaRps) !== null,
        );

        expect(wrong.length / SEEDS.length).toBeLessThan(0.1);
      }
    },
  );

  it.each([100, 10_000])(
    'fitTrend() takes few straight climbs to a quota of %i rps for broken off',
    (quotaRps) => {
      for (const noise of NOISES) {
        const line = { levelRps: 0.8 * quotaRps, slopeRpsPerMinute: quotaRps / 150, noise };
        const broken = SEEDS.filter(
          (seed) => fitTrend(createClimb(line, 30, END_MS, createRandom(seed)))?.hasBrokenOff === true,
        );

        expect(broken.length / SEEDS.length).toBeLessThan(0.06);
      }
    },
  );
});

describe('forecastQuota() over many climbs', () => {
  const CALM = { deviationRatio: 0, likeness: 0 };
  const cases: [number, number, number, Noise][] = [10, 30, 60, 120].flatMap((minutes) =>
    [
      CALM,
      { deviationRatio: 0.01, likeness: 0 },
      { deviationRatio: 0.01, likeness: 0.5 },
      { deviationRatio: 0.01, likeness: 0.8 },
    ].flatMap((noise): [number, number, number, Noise][] => [
      [100, 0.8, minutes, noise],
      [10_000, minutes < 30 ? 0.8 : 0.6, minutes, noise],
    ]),
  );

  it.each(cases)(
    'forecastQuota() holds the time to a quota of %i rps from %d of it in %i min in about four of five cases, noise %j',
    (quotaRps, usedRatio, minutes, noise) => {
      const { givenRatio, heldRatio } = coverageOf(quotaRps, usedRatio, minutes, noise);

      expect(givenRatio).toBeGreaterThan(0.6);
      // Half an hour cannot tell noise that lasts for minutes, hidden in that of few requests, from the climb.
      expect(heldRatio).toBeGreaterThan(noise.likeness > 0.5 ? 0.65 : 0.75);
      expect(heldRatio).toBeLessThan(0.98);
    },
  );

  it('forecastQuota() holds the time in four of five cases over all of them', () => {
    const ratios = cases.map((given) => coverageOf(...given).heldRatio);
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;

    expect(mean).toBeGreaterThan(0.78);
    expect(mean).toBeLessThan(0.92);
  });

  it('fitTrend() finds a slope that is not there in about one of five cases', () => {
    const level = { levelRps: 7_500, slopeRpsPerMinute: 0 };
    const far = Array.from({ length: 500 }, (_, seed) => {
      const noise = { deviationRatio: 0.03, likeness: 0.5 };
      const trend = fitTrend(createClimb({ ...level, noise }, 30, END_MS, createRandom(seed)));
      return trend !== null && Math.abs(trend.slopeRpsPerMinute) > trend.slopeMarginRps;
    });

    const ratio = far.filter(Boolean).length / far.length;
    expect(ratio).toBeGreaterThan(0.1);
    expect(ratio).toBeLessThan(0.3);
  });
});
