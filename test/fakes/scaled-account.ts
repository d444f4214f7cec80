import { createPublishMetricData } from '#shared/adapters/cloudwatch-publish-metric-data.ts';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import { createReadServiceCounts } from '#shared/adapters/cloudwatch-read-service-counts.ts';
import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import { createCheckSources } from '#shared/application/check-sources.ts';
import { createDetectAnomalies } from '#shared/application/detect-anomalies.ts';
import type { BusEvent, EvaluationStore } from '#shared/application/ports.ts';
import { readIdleMinutes } from '#shared/application/read-idle-minutes.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import { createWatchEvaluation } from '#shared/application/watch-evaluation.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';
import { createScaledCloudWatch, type ScaledTraffic, scaledApi } from '#test/fakes/scaled-cloudwatch.ts';

const MINUTE_MS = 60_000;

/** 2026-06-01 12:00 UTC: until then the minutes of these accounts are settled. */
export const NOON_MS = Date.UTC(2026, 5, 1, 12);

const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };
const QUOTA = { rateRps: 10_000, burst: 5_000 };
const SETTLE_SECONDS = 60;

/** Stages with an execution log each, which is the most that there is to read of a stage. */
function scaledInventory(stages: number): InventoryItem[] {
  return Array.from({ length: stages }, (_, index) => ({
    apiId: scaledApi(index),
    apiName: scaledApi(index),
    apiType: 'REST',
    stage: 'prod',
    logGroup: `/aws/api-gateway/${scaledApi(index)}`,
    executionLogLevel: 'ERROR',
    limits: null,
    integrationTimeoutMs: 29_000,
    schemaVersion: 1,
  }));
}

/** How often the store of the evaluators was asked, and what they told. */
type Noted = { stateReads: number; stateWrites: number; readonly events: BusEvent[] };

function noteUse({ read, write }: EvaluationStore, noted: Noted): EvaluationStore {
  return {
    read: (evaluator) => {
      noted.stateReads += 1;
      return read(evaluator);
    },
    write: (evaluator, state, expectedThroughMs) => {
      noted.stateWrites += 1;
      return write(evaluator, state, expectedThroughMs);
    },
  };
}

/** All that the two evaluating functions do in a minute, with the adapters of the deployed ones for CloudWatch. */
export function createScaledAccount(traffic: ScaledTraffic) {
  const clock = { nowMs: NOON_MS + MINUTE_MS };
  const now = () => new Date(clock.nowMs);
  const { client, use } = createScaledCloudWatch(traffic, now);
  const noted: Noted = { stateReads: 0, stateWrites: 0, events: [] };
  const evaluations = noteUse(createMemoryEvaluations(), noted);
  const inventory = scaledInventory(traffic.stages);
  const runEvaluation = createRunEvaluation({
    account: ACCOUNT,
    evaluations,
    readInventory: async () => inventory,
    publishEvents: async (events) => {
      noted.events.push(...events);
    },
    now,
    settleSeconds: SETTLE_SECONDS,
  });
  const reading = {
    readMetrics: createReadMetrics(client),
    readServiceCounts: createReadServiceCounts(client),
  };
  const common = { account: ACCOUNT, ...reading, runEvaluation };
  const watching = { account: ACCOUNT, evaluations, runEvaluation, now, settleSeconds: SETTLE_SECONDS };
  const checkHeadroom = createCheckHeadroom({
    assessHeadroom: createAssessHeadroom({ account: ACCOUNT, ...reading }),
    readIdleMinutes: (stages, final) => readIdleMinutes(reading, stages, final),
    readQuota: async () => createQuotaStatus(QUOTA),
    publishMetricData: createPublishMetricData(client),
    runEvaluation,
  });
  return {
    clock,
    use,
    noted,
    checkHeadroom,
    checkSources: createCheckSources(common),
    watchAnomalies: createWatchEvaluation('check-headroom', watching),
    detectAnomalies: createDetectAnomalies({ ...common, availabilityTargetRatio: 0.999 }),
    watchHeadroom: createWatchEvaluation('detect-anomalies', watching),
  };
}
