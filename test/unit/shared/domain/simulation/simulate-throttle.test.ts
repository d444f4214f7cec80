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
