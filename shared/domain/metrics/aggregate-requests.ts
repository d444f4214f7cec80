import { type CauseSlug, isGatewayThrottle } from '#shared/domain/causes/causes.ts';
import { type StageId, stageKey } from '#shared/domain/inventory/stage.ts';
import type { CountedRequest } from '#shared/domain/logs/access/request.ts';
import {
  addLatency,
  createLatencyDistribution,
  type LatencyDistribution,
} from '#shared/domain/metrics/latency-distribution.ts';
import { createTimeSeries, entryAt, type TimeSeries } from '#shared/domain/metrics/time-series.ts';

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

/** One stage of an aggregate. */
export type StageAggregate = {
  readonly id: StageId;
  readonly seconds: TimeSeries<SecondCounts>;
  readonly minutes: TimeSeries<StageMinute>;
};

/** Requests counted per second and minute of their own time, for the account and per stage. */
export type Aggregate = {
  readonly seconds: TimeSeries<SecondCounts>;
  /** By {@link stageKey}. */
  readonly stages: Map<string, StageAggregate>;
  /** The same by the ids that were met, which saves making a key for each request. */
  readonly stageById: Map<StageId, StageAggregate>;
  readonly statuses: Map<number, number>;
};

/** An aggregate of nothing. */
export function createAggregate(): Aggregate {
  return {
    seconds: createTimeSeries(),
    stages: new Map(),
    stageById: new Map(),
    statuses: new Map(),
  };
}

function createSecond(): SecondCounts {
  return { requests: 0, throttled: 0 };
}

function createMinute(): StageMinute {
  return {
    latency: createLatencyDistribution(),
    integrationLatency: createLatencyDistribution(),
    clientErrors: 0,
    serverErrors: 0,
    causes: new Map(),
  };
}

function countSecond(seconds: TimeSeries<SecondCounts>, secondMs: number, throttled: number): void {
  const counts = entryAt(seconds, secondMs, createSecond);
  counts.requests += 1;
  counts.throttled += throttled;
}

function stageOf({ stages, stageById }: Aggregate, id: StageId): StageAggregate {
  const met = stageById.get(id);
  if (met !== undefined) return met;
  const key = stageKey(id);
  const stage = stages.get(key) ?? { id, seconds: createTimeSeries(), minutes: createTimeSeries() };
  stages.set(key, stage);
  stageById.set(id, stage);
  return stage;
}

function countCause(causes: Map<CauseSlug, number>, cause: CauseSlug): void {
  causes.set(cause, (causes.get(cause) ?? 0) + 1);
}

/**
 * Counts one request of a stage into the aggregate.
 *
 * @param id - The stage that the request was identified with; fastest if it is the same object each time
 */
export function addRequest(aggregate: Aggregate, id: StageId, request: CountedRequest): void {
  const { timeMs, status, cause, responseLatencyMs, integrationLatencyMs } = request;
  const throttled = isGatewayThrottle(cause) ? 1 : 0;
  const secondMs = timeMs - (timeMs % 1_000);
  const stage = stageOf(aggregate, id);
  countSecond(aggregate.seconds, secondMs, throttled);
  countSecond(stage.seconds, secondMs, throttled);
  aggregate.statuses.set(status, (aggregate.statuses.get(status) ?? 0) + 1);

  const minute = entryAt(stage.minutes, timeMs - (timeMs % 60_000), createMinute);
  if (responseLatencyMs !== null) addLatency(minute.latency, responseLatencyMs);
  if (integrationLatencyMs !== null) addLatency(minute.integrationLatency, integrationLatencyMs);
  if (status >= 500) minute.serverErrors += 1;
  else if (status >= 400) minute.clientErrors += 1;
  if (cause !== null) countCause(minute.causes, cause);
}
