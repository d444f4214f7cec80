import { describe, expect, it } from 'vitest';
import type { Episode } from '#shared/domain/simulation/scenario.ts';
import { simulateRequests } from '#shared/domain/simulation/simulate-requests.ts';
import { createRandom } from '#test/fakes/random.ts';
import { createScenario, createStage, HOUR_MS, play, START_MS, share } from '#test/fakes/scenario.ts';

describe('simulateRequests()', () => {
  it('simulateRequests() gives the same requests for the same random numbers, and others for others', () => {
    const [first, again, other] = [play({}, 7), play({}, 7), play({}, 8)];

    expect(first.length).toBeGreaterThan(1_000);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('simulateRequests() gives requests in order of time, within the scenario', () => {
    const times = play({ stages: [createStage('a', 5), createStage('b', 5)] }).map(({ timeMs }) => timeMs);

    expect(times.every((timeMs, index) => timeMs >= (times[index - 1] ?? START_MS))).toBe(true);
    expect(times.at(-1)).toBeLessThan(START_MS + HOUR_MS);
  });

  it('simulateRequests() has the mean rate over a day, least at four in the morning, most at four in the afternoon', () => {
    const perHour = Array<number>(24).fill(0);
    for (const { timeMs } of simulateRequests(
      createScenario({ durationMs: 24 * HOUR_MS }),
      createRandom(3),
    )) {
      const hour = Math.floor((timeMs - START_MS) / HOUR_MS);
      perHour[hour] = (perHour[hour] ?? 0) + 1;
    }

    const total = perHour.reduce((sum, requests) => sum + requests);
    // 432,000 requests are expected, with a standard deviation of 657.
    expect(Math.abs(total / 86_400 / 5 - 1)).toBeLessThan(0.01);
    expect([3, 4]).toContain(perHour.indexOf(Math.min(...perHour)));
    expect([15, 16]).toContain(perHour.indexOf(Math.max(...perHour)));
    expect(Math.max(...perHour) / Math.min(...perHour)).toBeCloseTo(1.7 / 0.3, 0);
  });

  it('simulateRequests() scales with the rate', () => {
    const few = play({ stages: [createStage('orders', 5)] }).length;
    const many = play({ stages: [createStage('orders', 50)] }).length;

    expect(many / few).toBeGreaterThan(9.5);
    expect(many / few).toBeLessThan(10.5);
  });

  it('simulateRequests() draws rates below one request a second', () => {
    const requests = play({ stages: [createStage('orders', 0.2)], durationMs: 24 * HOUR_MS });

    expect(Math.abs(requests.length / 86_400 / 0.2 - 1)).toBeLessThan(0.03);
  });

  it('simulateRequests() draws rates that need several parts as well', () => {
    const surge: Episode = { kind: 'surge', apiName: 'orders', rps: 2_000, fromMs: 0, toMs: HOUR_MS };

    const rps = play({ durationMs: 20_000, episodes: [surge] }).length / 20;

    expect(Math.abs(rps / 2_000 - 1)).toBeLessThan(0.03);
  });

  it('simulateRequests() spreads requests over the routes by their shares, each with its own latency', () => {
    const requests = play();
    const percentileOf = (path: string, ratio: number) => {
      const latencies = requests
        .filter(({ route, outcome }) => route.path === path && outcome === 'ok')
        .map(({ integrationLatencyMs }) => integrationLatencyMs ?? 0)
        .sort((a, b) => a - b);
      return latencies[Math.floor(latencies.length * ratio)] ?? 0;
    };

    expect(Math.abs(share(requests, ({ route }) => route.path === '/fast') - 0.75)).toBeLessThan(0.02);
    expect(Math.abs(percentileOf('/fast', 0.5) / 20 - 1)).toBeLessThan(0.1);
    expect(Math.abs(percentileOf('/slow', 0.5) / 200 - 1)).toBeLessThan(0.1);
    // A log-normal with a sigma of 0.45 has its p99 at e^(2.326 × 0.45).
    expect(Math.abs(percentileOf('/slow', 0.99) / 200 / 2.85 - 1)).toBeLessThan(0.15);
  });

  it('simulateRequests() lets few requests fail without an episode', () => {
    const requests = play({ stages: [createStage('orders', 20)] });

    expect(share(requests, ({ outcome }) => outcome === 'not-found') / 0.01).toBeCloseTo(1, 0.5);
    expect(share(requests, ({ outcome }) => outcome === 'unauthorized') / 0.005).toBeCloseTo(1, 0.5);
    expect(share(requests, ({ outcome }) => outcome === 'ok')).toBeGreaterThan(0.97);
  });
});

describe('simulateRequests() and the backend', () => {
  it('simulateRequests() has a backend latency where the backend was called, and only there', () => {
    const failures: Episode = {
      kind: 'function-errors',
      apiName: 'orders',
      path: '/slow',
      ratio: 0.5,
      fromMs: 0,
      toMs: HOUR_MS,
    };
    const timeouts: Episode = { ...failures, kind: 'timeouts', path: '/fast' };
    const requests = play({
      stages: [createStage('orders', 20)],
      episodes: [failures, timeouts],
      quota: { rateRps: 20, burst: 5 },
    });

    const outcomes = (isCalled: boolean) =>
      new Set(
        requests
          .filter((request) => (request.integrationLatencyMs !== null) === isCalled)
          .map(({ outcome }) => outcome),
      );
    expect(outcomes(true)).toEqual(new Set(['ok', 'function-error', 'timeout']));
    expect(outcomes(false)).toEqual(new Set(['not-found', 'unauthorized', 'throttled']));
  });

  it('simulateRequests() throws for a stage without routes', () => {
    expect(() => play({ stages: [{ ...createStage('orders', 5), routes: [] }] })).toThrow(
      'A simulated stage needs at least one route',
    );
  });
});

describe('simulateRequests() in an episode', () => {
  it.each([
    ['function-errors', 'function-error'],
    ['timeouts', 'timeout'],
  ] as const)('simulateRequests() makes one route fail with %s, for its time', (kind, outcome) => {
    const episode: Episode = {
      kind,
      apiName: 'orders',
      path: '/slow',
      ratio: 0.8,
      fromMs: HOUR_MS / 4,
      toMs: HOUR_MS / 2,
    };
    const requests = play({
      stages: [createStage('orders', 20), createStage('users', 20)],
      episodes: [episode],
    });

    const failed = requests.filter((request) => request.outcome === outcome);
    const during = requests.filter(
      ({ stage, route, timeMs }) =>
        stage.item.apiName === 'orders' &&
        route.path === '/slow' &&
        timeMs - START_MS >= HOUR_MS / 4 &&
        timeMs - START_MS < HOUR_MS / 2,
    );

    expect(failed.every((request) => during.includes(request))).toBe(true);
    expect(Math.abs(failed.length / during.length - 0.8)).toBeLessThan(0.03);
  });

  it('simulateRequests() lets a timeout take as long as the integration may', () => {
    const episode: Episode = {
      kind: 'timeouts',
      apiName: 'orders',
      path: '/slow',
      ratio: 1,
      fromMs: 0,
      toMs: HOUR_MS,
    };

    const timeouts = play({ episodes: [episode] }).filter(({ outcome }) => outcome === 'timeout');

    expect(timeouts.length).toBeGreaterThan(100);
    expect(new Set(timeouts.map(({ integrationLatencyMs }) => integrationLatencyMs))).toEqual(
      new Set([29_000]),
    );
    expect(timeouts.every(({ responseLatencyMs }) => responseLatencyMs >= 29_000)).toBe(true);
  });
});
