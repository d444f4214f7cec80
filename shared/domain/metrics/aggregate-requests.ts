import { type CauseSlug, isGatewayThrottle } from '#shared/domain/causes/causes.ts';
import { type StageId, stageKey } from '#shared/domain/inventory/stage.ts';
import type { ApiRequest } from '#shared/domain/logs/request.ts';
import {
  addLatency,
  createLatencyDistribution,
  type LatencyDistribution,
} from '#shared/domain/metrics/latency-distribution.ts';

/** Requests and refusals of one second. */
export type SecondCounts = { requests: number; throttled: number };

/** What one stage did in one minute. */
export type StageMinute = {
  readonly latency: LatencyDistribution;
  readonly integrationLatency: LatencyDistribution;
  clientErrors: number;
  serverErrors: number;
  readonly causes: Map<CauseSlug, number>;
};

/** One stage of an aggregate. Keys are epoch milliseconds at the start of the second or minute. */
export type StageAggregate = {
  readonly id: StageId;
  readonly seconds: Map<number, SecondCounts>;
  readonly minutes: Map<number, StageMinute>;
};

/** Requests counted per second and minute of their own time, for the account and per stage. */
export type Aggregate = {
  readonly seconds: Map<number, SecondCounts>;
  readonly stages: Map<string, StageAggregate>;
  readonly statuses: Map<number, number>;
};

/** An aggregate of nothing. */
export function createAggregate(): Aggregate {
  return { seconds: new Map(), stages: new Map(), statuses: new Map() };
}

function countSecond(seconds: Map<number, SecondCounts>, second: number, throttled: number): void {
  const counts = seconds.get(second);
  if (counts === undefined) seconds.set(second, { requests: 1, throttled });
  else {
    counts.requests += 1;
    counts.throttled += throttled;
  }
}

function stageOf(aggregate: Aggregate, id: StageId): StageAggregate {
  const key = stageKey(id);
  const known = aggregate.stages.get(key);
  if (known !== undefined) return known;
  const stage: StageAggregate = { id, seconds: new Map(), minutes: new Map() };
  aggregate.stages.set(key, stage);
  return stage;
}

function minuteOf(stage: StageAggregate, minute: number): StageMinute {
  const known = stage.minutes.get(minute);
  if (known !== undefined) return known;
  const counts: StageMinute = {
    latency: createLatencyDistribution(),
    integrationLatency: createLatencyDistribution(),
    clientErrors: 0,
    serverErrors: 0,
    causes: new Map(),
  };
  stage.minutes.set(minute, counts);
  return counts;
}

/**
 * Counts one request of a stage into the aggregate.
 *
 * @param id - The stage that the request was identified with
 */
export function addRequest(aggregate: Aggregate, id: StageId, request: ApiRequest): void {
  const { timeMs, status, cause } = request;
  const throttled = isGatewayThrottle(cause) ? 1 : 0;
  const second = timeMs - (timeMs % 1_000);
  const stage = stageOf(aggregate, id);
  countSecond(aggregate.seconds, second, throttled);
  countSecond(stage.seconds, second, throttled);
  aggregate.statuses.set(status, (aggregate.statuses.get(status) ?? 0) + 1);

  const minute = minuteOf(stage, timeMs - (timeMs % 60_000));
  if (request.responseLatencyMs !== null) addLatency(minute.latency, request.responseLatencyMs);
  if (request.integrationLatencyMs !== null) {
    addLatency(minute.integrationLatency, request.integrationLatencyMs);
  }
  if (status >= 500) minute.serverErrors += 1;
  else if (status >= 400) minute.clientErrors += 1;
  if (cause !== null) minute.causes.set(cause, (minute.causes.get(cause) ?? 0) + 1);
}
