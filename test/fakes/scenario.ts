import { unlistedStage } from '#shared/domain/inventory/stage.ts';
import type { Scenario, SimulatedStage } from '#shared/domain/simulation/scenario.ts';
import { type SimulatedRequest, simulateRequests } from '#shared/domain/simulation/simulate-requests.ts';
import { createRandom } from '#test/fakes/random.ts';

/** Milliseconds of an hour, which the scenario lasts. */
export const HOUR_MS = 60 * 60_000;
/** Midnight, when the scenario starts. */
export const START_MS = Date.UTC(2026, 2, 2);

/** A stage with a fast and a slow route. */
export function createStage(apiName: string, meanRps: number): SimulatedStage {
  return {
    item: { ...unlistedStage({ apiId: apiName, stage: 'prod' }), apiName },
    meanRps,
    routes: [
      { method: 'GET', path: '/fast', share: 0.75, medianMs: 20 },
      { method: 'POST', path: '/slow', share: 0.25, medianMs: 200 },
    ],
  };
}

/** An hour of one stage without trouble, with the given differences. */
export function createScenario(differences: Partial<Scenario> = {}): Scenario {
  return {
    accountId: '123456789012',
    region: 'us-east-1',
    startMs: START_MS,
    durationMs: HOUR_MS,
    quota: { rateRps: 10_000, burst: 5_000 },
    stages: [createStage('orders', 5)],
    episodes: [],
    rhythm: 'daily',
    logsAccountRefusals: true,
    ...differences,
  };
}

/** The requests of such a scenario, the same for the same seed. */
export function play(differences: Partial<Scenario> = {}, seed = 1): SimulatedRequest[] {
  return [...simulateRequests(createScenario(differences), createRandom(seed))];
}

/** The share of requests that are meant, 0..1. */
export function share(
  requests: readonly SimulatedRequest[],
  isMeant: (request: SimulatedRequest) => boolean,
): number {
  return requests.filter(isMeant).length / requests.length;
}
