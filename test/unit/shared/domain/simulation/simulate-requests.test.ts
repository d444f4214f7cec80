import { describe, expect, it } from 'vitest';
import { unlistedStage } from '#shared/domain/inventory/stage.ts';
import type { Episode, Scenario, SimulatedStage } from '#shared/domain/simulation/scenario.ts';
import { type SimulatedRequest, simulateRequests } from '#shared/domain/simulation/simulate-requests.ts';
import { createRandom } from '#test/fakes/random.ts';

const HOUR_MS = 60 * 60_000;
const START_MS = Date.UTC(2026, 2, 2);

function createStage(apiName: string, meanRps: number): SimulatedStage {
  return {
    item: { ...unlistedStage({ apiId: apiName, stage: 'prod' }), apiName },
    meanRps,
    routes: [
      { method: 'GET', path: '/fast', share: 0.75, medianMs: 20 },
      { method: 'POST', path: '/slow', share: 0.25, medianMs: 200 },
    ],
  };
}

function createScenario(differences: Partial<Scenario> = {}): Scenario {
  return {
    accountId: '123456789012',
    region: 'us-east-1',
    startMs: START_MS,
    durationMs: HOUR_MS,
    quota: { rateRps: 10_000, burst: 5_000 },
    stages: [createStage('orders', 5)],
    episodes: [],
    ...differences,
  };
}

function play(differences: Partial<Scenario> = {}, seed = 1): SimulatedRequest[] {
  return [...simulateRequests(createScenario(differences), createRandom(seed))];
}

function share(
  requests: readonly SimulatedRequest[],
  isMeant: (request: SimulatedRequest) => boolean,
): number {
  return requests.filter(isMeant).length / requests.length;
}

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
  });

  it('simulateRequests() scales with the rate', () => {
    const few = play({ stages: [createStage('orders', 5)] }).length;
    const many = play({ stages: [createStage('orders', 50)] }).length;

    expect(many / few).toBeGreaterThan(9.5);
    expect(many / few).toBeLessThan(10.5);
  });

  it('simulateRequests() draws rates that need several parts as well', () => {
    const surge: Episode = { kind: 'surge', apiName: 'orders', rps: 2_000, fromMs: 0, toMs: HOUR_MS };

    const rps = play({ durationMs: 20_000, episodes: [surge] }).length / 20;

    expect(Math.abs(rps / 2_000 - 1)).toBeLessThan(0.03);
  });

  it('simulateRequests() spreads requests over the routes by their shares, each with its own latency', () => {
    const requests = play();
    const medianOf = (path: string) => {
      const latencies = requests
        .filter(({ route, outcome }) => route.path === path && outcome === 'ok')
        .map(({ integrationLatencyMs }) => integrationLatencyMs ?? 0)
        .sort((a, b) => a - b);
      return latencies[latencies.length >> 1] ?? 0;
    };

    expect(Math.abs(share(requests, ({ route }) => route.path === '/fast') - 0.75)).toBeLessThan(0.02);
    expect(Math.abs(medianOf('/fast') / 20 - 1)).toBeLessThan(0.1);
    expect(Math.abs(medianOf('/slow') / 200 - 1)).toBeLessThan(0.1);
  });

  it('simulateRequests() lets few requests fail without an episode', () => {
    const requests = play({ stages: [createStage('orders', 20)] });

    expect(share(requests, ({ outcome }) => outcome === 'not-found')).toBeCloseTo(0.01, 2);
    expect(share(requests, ({ outcome }) => outcome === 'unauthorized')).toBeCloseTo(0.005, 2);
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
