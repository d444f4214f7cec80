import { describe, expect, it } from 'vitest';
import { admitsLikeAThrottle } from '#shared/domain/headroom/throttling/admits-like-a-throttle.ts';
import type { Scenario } from '#shared/domain/simulation/scenario.ts';
import { createStage, play, START_MS } from '#test/fakes/scenario.ts';

const QUOTA = { rateRps: 100, burst: 50 };

function repeat(count: number, value: number): number[] {
  return Array<number>(count).fill(value);
}

/** What a simulated minute lets through and refuses, second by second. */
function secondsOf(differences: Partial<Scenario>, seed: number): [admitted: number[], refused: number[]] {
  const [admitted, refused] = [repeat(60, 0), repeat(60, 0)];
  for (const { timeMs, outcome } of play({ rhythm: 'even', durationMs: 60_000, ...differences }, seed)) {
    const counts = outcome === 'throttled' || outcome === 'over-plan' ? refused : admitted;
    const second = Math.floor((timeMs - START_MS) / 1_000);
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return [admitted, refused];
}

describe('admitsLikeAThrottle()', () => {
  it.each([
    ['lets its rate through', repeat(60, 100), repeat(60, 30), true],
    ['lets half of its rate through', repeat(60, 50), repeat(60, 30), false],
    ['lets its burst through in a single second', [3, 50, 3], [0, 40, 0], true],
    ['lets less than its burst through in a single second', [3, 30, 3], [0, 40, 0], false],
    ['refuses over the end of one second', [2, 26, 26, 2], [0, 9, 9, 0], true],
    ['refuses nothing', repeat(60, 5), repeat(60, 0), true],
  ])('admitsLikeAThrottle() judges one that %s', (_, admitted, refused, expected) => {
    expect(admitsLikeAThrottle(admitted, refused, QUOTA)).toBe(expected);
  });

  it.each([101, 110, 150, 400, 1_500])(
    'admitsLikeAThrottle() knows the account throttle by what it does at %i rps of 100, in any minute',
    (rps) => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const [admitted, refused] = secondsOf({ quota: QUOTA, stages: [createStage('a', rps)] }, seed);

        expect(admitsLikeAThrottle(admitted, refused, QUOTA)).toBe(true);
      }
    },
  );

  it.each([300, 1_000, 3_000, 20_000])(
    'admitsLikeAThrottle() knows it in a burst of %i ms, wherever in a second it begins',
    (lengthMs) => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const fromMs = 5_000 + seed * 47;
        const requests = play(
          {
            quota: { rateRps: 1e6, burst: 1e6 },
            rhythm: 'even',
            stages: [createStage('a', 600)],
            durationMs: 40_000,
          },
          seed,
        ).filter(({ timeMs }) => timeMs >= START_MS + fromMs && timeMs < START_MS + fromMs + lengthMs);
        const [admitted, refused] = [repeat(40, 0), repeat(40, 0)];
        let [tokens, lastMs] = [QUOTA.burst, START_MS];
        for (const { timeMs } of requests) {
          tokens = Math.min(QUOTA.burst, tokens + ((timeMs - lastMs) * QUOTA.rateRps) / 1_000);
          lastMs = timeMs;
          const counts = tokens >= 1 ? admitted : refused;
          if (tokens >= 1) tokens -= 1;
          const second = Math.floor((timeMs - START_MS) / 1_000);
          counts[second] = (counts[second] ?? 0) + 1;
        }

        expect(refused.some((count) => count > 0)).toBe(true);
        expect(admitsLikeAThrottle(admitted, refused, QUOTA)).toBe(true);
      }
    },
  );

  it.each([0.05, 0.3, 0.6])(
    'admitsLikeAThrottle() tells a usage plan of %f of the quota from the account throttle',
    (share) => {
      const usagePlan = { rateRps: share * QUOTA.rateRps, burst: share * QUOTA.rateRps };
      for (let seed = 1; seed <= 20; seed += 1) {
        const stages = [{ ...createStage('a', 120), usagePlan }, createStage('b', 10)];
        const [admitted, refused] = secondsOf({ quota: QUOTA, stages }, seed);

        expect(admitsLikeAThrottle(admitted, refused, QUOTA)).toBe(false);
      }
    },
  );
});
