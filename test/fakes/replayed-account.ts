import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import type { BusEvent } from '#shared/application/ports.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { InventoryItem, StageId } from '#shared/domain/inventory/stage.ts';
import type { MetricDatum, MetricName } from '#shared/domain/metrics/metric-datum.ts';

const MINUTE_MS = 60_000;

/** 2026-06-01 12:00 UTC, the start of a minute. */
export const NOON_MS = Date.UTC(2026, 5, 1, 12);

/** Stages by id, all known to the inventory. */
export function inventoryOf(...ids: StageId[]): InventoryItem[] {
  return ids.map(({ apiId, stage }) => ({
    apiId,
    apiName: `${apiId}-api`,
    apiType: 'REST',
    stage,
    logGroup: null,
    limits: null,
    integrationTimeoutMs: 29_000,
    schemaVersion: 1,
  }));
}

function datum(
  name: MetricName,
  dimensions: Record<string, string>,
  timestampMs: number,
  resolutionSeconds: 1 | 60,
  values: number[],
): MetricDatum {
  const unit = name.endsWith('Latency') ? 'Milliseconds' : 'Count';
  return { name, dimensions, timestampMs, unit, resolutionSeconds, values, counts: values.map(() => 1) };
}

/** An account in memory whose metrics a test writes and whose evaluators it runs minute by minute. */
export function createAccount(inventory: readonly InventoryItem[]) {
  const metrics = createMemoryMetrics();
  const clock = { nowMs: NOON_MS };
  const published: BusEvent[][] = [];
  const account = { accountId: '123456789012', region: 'us-east-1' };
  const runEvaluation = createRunEvaluation({
    account,
    evaluations: createMemoryEvaluations(),
    readInventory: async () => inventory,
    publishEvents: async (events) => {
      published.push([...events]);
    },
    now: () => new Date(clock.nowMs),
    settleSeconds: 60,
  });

  /** Requests and 429s of one second of a stage, counted for the account as well. */
  async function addSecond(id: StageId, timestampMs: number, requests: number, throttled = 0): Promise<void> {
    const stage = { ApiId: id.apiId, Stage: id.stage };
    const data = [
      datum('RequestCount', {}, timestampMs, 1, [requests]),
      datum('RequestCount', stage, timestampMs, 1, [requests]),
    ];
    if (throttled > 0) {
      data.push(
        datum('ThrottledCount', {}, timestampMs, 1, [throttled]),
        datum('ThrottledCount', stage, timestampMs, 1, [throttled]),
      );
    }
    await metrics.publishMetricData(data);
  }

  /** The same requests in every second of a minute. */
  async function addMinute(id: StageId, minuteMs: number, rps: number, throttledRps = 0): Promise<void> {
    for (let second = 0; second < 60; second += 1) {
      await addSecond(id, minuteMs + second * 1_000, rps, throttledRps);
    }
  }

  async function addStageMinute(
    id: StageId,
    minuteMs: number,
    name: MetricName,
    values: number[],
    cause?: string,
  ) {
    const dimensions = { ApiId: id.apiId, Stage: id.stage, ...(cause !== undefined && { Cause: cause }) };
    await metrics.publishMetricData([datum(name, dimensions, minuteMs, 60, values)]);
  }

  /** Lets the clock stand where the minute has just become readable. */
  function readableAfter(minuteMs: number): void {
    clock.nowMs = minuteMs + MINUTE_MS + 60_000;
  }

  function findings(): Finding[] {
    return published.flat().flatMap((event) => (event.type === 'findings' ? event.findings : []));
  }

  return {
    account,
    metrics,
    clock,
    published,
    runEvaluation,
    addSecond,
    addMinute,
    addStageMinute,
    readableAfter,
    findings,
  };
}
