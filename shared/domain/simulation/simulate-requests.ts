import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type {
  Episode,
  Scenario,
  SimulatedRoute,
  SimulatedStage,
} from '#shared/domain/simulation/scenario.ts';

/** Uniform in 0..1, 1 excluded. The same sequence gives the same requests. */
export type Random = () => number;

/** How a simulated request ended. `throttled`: by the account throttle; `over-plan`: by the stage's usage plan. */
export type Outcome =
  | 'ok'
  | 'not-found'
  | 'unauthorized'
  | 'throttled'
  | 'over-plan'
  | 'function-error'
  | 'timeout';

/** One simulated request. */
export type SimulatedRequest = {
  readonly stage: SimulatedStage;
  readonly route: SimulatedRoute;
  readonly timeMs: number;
  readonly outcome: Outcome;
  /** `null` where the integration was not called. */
  readonly integrationLatencyMs: number | null;
  readonly responseLatencyMs: number;
};

const DAY_MS = 24 * 60 * 60_000;

/** Ordinary failures of clients, spread over all stages. */
const NOT_FOUND_RATIO = 0.01;
const UNAUTHORIZED_RATIO = 0.005;

/** Spread of latencies: a log-normal with this sigma has a p99 of about three times its median. */
const LATENCY_SIGMA = 0.45;

/** Day and night: least at four in the morning, most at four in the afternoon; 1 on average. */
function dailyFactor(timeMs: number): number {
  return 1 - 0.7 * Math.cos((2 * Math.PI * ((timeMs % DAY_MS) - DAY_MS / 6)) / DAY_MS);
}

/** A Poisson number by inversion; rates of a second are small enough for it. */
function poisson(mean: number, random: Random): number {
  let count = 0;
  let remaining = mean;
  // Above about 500 the limit underflows, so a large mean is drawn in parts.
  while (remaining > 0) {
    const part = Math.min(remaining, 500);
    const limit = Math.exp(-part);
    for (let product = random(); product > limit; product *= random()) count += 1;
    remaining -= part;
  }
  return count;
}

function logNormal(medianMs: number, random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(1, Math.round(medianMs * Math.exp(LATENCY_SIGMA * normal)));
}

function pickRoute(routes: readonly SimulatedRoute[], random: Random): SimulatedRoute {
  let left = random();
  for (const route of routes) {
    left -= route.share;
    if (left < 0) return route;
  }
  const last = routes.at(-1);
  if (last === undefined) throw new RangeError('A simulated stage needs at least one route');
  return last;
}

function activeEpisodes(scenario: Scenario, { item }: SimulatedStage, timeMs: number): Episode[] {
  const offsetMs = timeMs - scenario.startMs;
  return scenario.episodes.filter(
    ({ apiName, fromMs, toMs }) => apiName === item.apiName && offsetMs >= fromMs && offsetMs < toMs,
  );
}

function outcomeOf(episodes: readonly Episode[], route: SimulatedRoute, random: Random): Outcome {
  for (const episode of episodes) {
    if (!('path' in episode) || episode.path !== route.path) continue;
    if (random() < episode.ratio) return episode.kind === 'timeouts' ? 'timeout' : 'function-error';
  }
  const chance = random();
  if (chance < NOT_FOUND_RATIO) return 'not-found';
  return chance < NOT_FOUND_RATIO + UNAUTHORIZED_RATIO ? 'unauthorized' : 'ok';
}

function finish(
  stage: SimulatedStage,
  route: SimulatedRoute,
  timeMs: number,
  outcome: Outcome,
  random: Random,
): SimulatedRequest {
  const overheadMs = 2 + Math.floor(random() * 6);
  const reachesBackend = outcome === 'ok' || outcome === 'function-error' || outcome === 'timeout';
  const backendMs =
    outcome === 'timeout' ? stage.item.integrationTimeoutMs : logNormal(route.medianMs, random);
  const integrationLatencyMs = reachesBackend ? backendMs : null;
  return {
    stage,
    route,
    timeMs,
    outcome,
    integrationLatencyMs,
    responseLatencyMs: overheadMs + (integrationLatencyMs ?? 0),
  };
}

/** What a stage is asked for, requests per second. */
function rateOf(
  scenario: Scenario,
  stage: SimulatedStage,
  episodes: readonly Episode[],
  timeMs: number,
): number {
  const usualRps = scenario.rhythm === 'even' ? stage.meanRps : stage.meanRps * dailyFactor(timeMs);
  for (const episode of episodes) {
    if (episode.kind === 'surge') return episode.rps;
    if (episode.kind !== 'climb') continue;
    const { fromMs, toMs, toRps } = episode;
    return usualRps + ((toRps - usualRps) * (timeMs - scenario.startMs - fromMs)) / (toMs - fromMs);
  }
  return usualRps;
}

function* arrivals(scenario: Scenario, secondMs: number, random: Random): Generator<SimulatedRequest> {
  for (const stage of scenario.stages) {
    const episodes = activeEpisodes(scenario, stage, secondMs);
    const rps = rateOf(scenario, stage, episodes, secondMs);
    for (let left = poisson(rps, random); left > 0; left -= 1) {
      const route = pickRoute(stage.routes, random);
      const timeMs = secondMs + Math.floor(random() * 1_000);
      yield finish(stage, route, timeMs, outcomeOf(episodes, route, random), random);
    }
  }
}

/** Takes a token for a request, or says that there is none. */
function createTokenBucket({ rateRps, burst }: Quota, startMs: number): (timeMs: number) => boolean {
  let tokens = burst;
  let lastMs = startMs;
  return (timeMs) => {
    tokens = Math.min(burst, tokens + ((timeMs - lastMs) * rateRps) / 1_000);
    lastMs = timeMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

function refuse(request: SimulatedRequest, outcome: Outcome): SimulatedRequest {
  return { ...request, outcome, integrationLatencyMs: null, responseLatencyMs: 1 };
}

/**
 * Plays a scenario request by request, in order of time. The token buckets are real: what finds no token is refused, whoever
 * sent it. Usage plans are asked before the account throttle.
 */
export function* simulateRequests(scenario: Scenario, random: Random): Generator<SimulatedRequest> {
  const { startMs, durationMs, quota, stages } = scenario;
  const takesFromAccount = createTokenBucket(quota, startMs);
  const plans = new Map(
    stages.flatMap((stage) =>
      stage.usagePlan === undefined ? [] : [[stage, createTokenBucket(stage.usagePlan, startMs)]],
    ),
  );
  for (let secondMs = startMs; secondMs < startMs + durationMs; secondMs += 1_000) {
    const requests = [...arrivals(scenario, secondMs, random)].sort((a, b) => a.timeMs - b.timeMs);
    for (const request of requests) {
      const takesFromPlan = plans.get(request.stage);
      if (takesFromPlan?.(request.timeMs) === false) yield refuse(request, 'over-plan');
      else if (takesFromAccount(request.timeMs)) yield request;
      else yield refuse(request, 'throttled');
    }
  }
}
