import { describe, expect, it } from 'vitest';
import type { Episode } from '#shared/domain/simulation/scenario.ts';
import { createStage, play, START_MS, share } from '#test/fakes/scenario.ts';

describe('simulateRequests() and the throttle', () => {
  const quota = { rateRps: 50, burst: 25 };
  const surge: Episode = { kind: 'surge', apiName: 'orders', rps: 80, fromMs: 20_000, toMs: 40_000 };
  const stages = [createStage('orders', 5), createStage('users', 10)];
  const requests = play({ quota, stages, episodes: [surge], durationMs: 60_000 });

  it('simulateRequests() refuses exactly what finds no token', () => {
    let tokens = quota.burst;
    let lastMs = START_MS;
    const expected = requests.map(({ timeMs }) => {
      tokens = Math.min(quota.burst, tokens + ((timeMs - lastMs) * quota.rateRps) / 1_000);
      lastMs = timeMs;
      if (tokens < 1) return true;
      tokens -= 1;
      return false;
    });

    expect(requests.map(({ outcome }) => outcome === 'throttled')).toEqual(expected);
    expect(share(requests, ({ outcome }) => outcome === 'throttled')).toBeGreaterThan(0.1);
  });

  it('simulateRequests() refuses the innocent as well, and only while one surges', () => {
    const refused = requests.filter(({ outcome }) => outcome === 'throttled');

    expect(new Set(refused.map(({ stage }) => stage.item.apiName))).toEqual(new Set(['orders', 'users']));
    expect(refused.every(({ timeMs }) => timeMs >= START_MS + 20_000 && timeMs < START_MS + 42_000)).toBe(
      true,
    );
    expect(refused.every(({ integrationLatencyMs }) => integrationLatencyMs === null)).toBe(true);
  });

  it('simulateRequests() lets no more through than rate and burst', () => {
    const passed = requests.filter(
      ({ outcome, timeMs }) =>
        outcome !== 'throttled' && timeMs >= START_MS + 20_000 && timeMs < START_MS + 40_000,
    );

    expect(passed.length).toBeLessThanOrEqual(20 * quota.rateRps + quota.burst);
    expect(passed.length).toBeGreaterThan(20 * quota.rateRps - quota.burst);
  });
});

describe('simulateRequests() and usage plans', () => {
  it('simulateRequests() refuses what is above the plan before the account throttle is asked', () => {
    const usagePlan = { rateRps: 5, burst: 5 };
    const stages = [{ ...createStage('orders', 60), usagePlan }, createStage('users', 10)];
    const requests = play({
      quota: { rateRps: 40, burst: 20 },
      stages,
      durationMs: 60_000,
      rhythm: 'even',
    });

    const overPlan = requests.filter(({ outcome }) => outcome === 'over-plan');
    expect(overPlan.every(({ stage }) => stage.item.apiName === 'orders')).toBe(true);
    expect(overPlan.length).toBeGreaterThan(3_000);
    expect(requests.filter(({ outcome }) => outcome === 'throttled')).toEqual([]);
  });
});

describe('simulateRequests() and climbs', () => {
  it('simulateRequests() climbs in a straight line from the usual rate, and falls back at its end', () => {
    const climb: Episode = { kind: 'climb', apiName: 'orders', toRps: 300, fromMs: 60_000, toMs: 180_000 };
    const requests = play({
      stages: [createStage('orders', 100)],
      episodes: [climb],
      durationMs: 240_000,
      rhythm: 'even',
    });

    const perMinute = [0, 1, 2, 3].map(
      (minute) =>
        requests.filter(({ timeMs }) => Math.floor((timeMs - START_MS) / 60_000) === minute).length / 60,
    );
    for (const [minute, rps] of [100, 150, 250, 100].entries())
      expect(Math.abs((perMinute[minute] ?? 0) - rps)).toBeLessThan(0.05 * rps);
  });
});
