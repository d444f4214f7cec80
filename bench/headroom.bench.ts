import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import { createDetectAnomalies } from '#shared/application/detect-anomalies.ts';
import type { ReadMetrics } from '#shared/application/ports.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import { unlistedStage } from '#shared/domain/inventory/stage.ts';
import type { Dimensions, MetricDatum, MetricName } from '#shared/domain/metrics/metric-datum.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';

const STAGES = 1_200;
const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2026, 5, 1, 12);
/** What the longest look back needs, and the minutes that are judged anew. */
const HISTORY_MINUTES = 372;
const TROUBLE_MINUTES = 11;
const QUOTA = { rateRps: 10_000, burst: 5_000 };
const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

// With an execution log each, which is the most that there is to read of a stage with 429s.
const INVENTORY = Array.from({ length: STAGES }, (_, index) => ({
  ...unlistedStage({ apiId: `api${index}`, stage: 'prod' }),
  logGroup: `/aws/api-gateway/api${index}`,
  executionLogLevel: 'ERROR' as const,
  limits: null,
}));

function count(
  name: MetricName,
  dimensions: Dimensions,
  timestampMs: number,
  value: number,
  resolutionSeconds: 1 | 60 = 60,
): MetricDatum {
  return { name, dimensions, timestampMs, unit: 'Count', resolutionSeconds, values: [value], counts: [1] };
}

/** Six hours of all stages; in trouble, one of them surges in the last minutes, and all are refused requests. */
async function createStore(isTroubled: boolean) {
  const metrics = createMemoryMetrics();
  const startMs = NOW_MS - HISTORY_MINUTES * MINUTE_MS;
  for (let minute = 0; minute < HISTORY_MINUTES; minute += 1) {
    const minuteMs = startMs + minute * MINUTE_MS;
    const isBad = isTroubled && minute >= HISTORY_MINUTES - TROUBLE_MINUTES;
    const data = INVENTORY.flatMap(({ apiId, stage }, index) => {
      const dimensions = { ApiId: apiId, Stage: stage };
      const requests = [count('RequestCount', dimensions, minuteMs, isBad && index === 0 ? 480_000 : 240)];
      if (index % 10 === 0) requests.push(count('ServerErrorCount', dimensions, minuteMs, isBad ? 60 : 0));
      if (!isBad) return requests;
      const unknownLevel = { ...dimensions, Cause: 'throttle.unknown-level' };
      return [
        ...requests,
        count('ErrorCount', unknownLevel, minuteMs, 60),
        ...Array.from({ length: 60 }, (_, second) =>
          count('ThrottledCount', dimensions, minuteMs + second * 1_000, 1, 1),
        ),
      ];
    });
    await metrics.publishMetricData(data);
    const seconds = Array.from({ length: 60 }, (_, second) => minuteMs + second * 1_000);
    await metrics.publishMetricData(
      seconds.flatMap((secondMs) => [
        count('RequestCount', {}, secondMs, isBad ? 12_800 : 4_800, 1),
        ...(isBad ? [count('ThrottledCount', {}, secondMs, 1_200, 1)] : []),
      ]),
    );
  }
  return metrics;
}

type Metrics = Awaited<ReturnType<typeof createStore>>;

/** Counts what is read; reading is what an evaluation costs. */
function createReader(metrics: Metrics) {
  const read = { metrics: 0 };
  const readMetrics: ReadMetrics = (queries, range) => {
    read.metrics += queries.length;
    return metrics.readMetrics(queries, range);
  };
  const runEvaluation = createRunEvaluation({
    account: ACCOUNT,
    evaluations: createMemoryEvaluations(),
    readInventory: async () => INVENTORY,
    publishEvents: async () => {},
    now: () => new Date(NOW_MS + MINUTE_MS),
    settleSeconds: 60,
  });
  return { read, readMetrics, runEvaluation };
}

/** What is in use, with what the collector has not taken back yet. */
function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function measure(
  name: string,
  metrics: Metrics,
  run: (reader: ReturnType<typeof createReader>) => Promise<unknown>,
) {
  const reader = createReader(metrics);
  await globalThis.gc?.({ type: 'major', execution: 'async' });
  const heldBytes = usedBytes();
  let peakBytes = heldBytes;
  const sample = (): void => {
    peakBytes = Math.max(peakBytes, usedBytes());
  };
  const { readMetrics } = reader;
  const sampled: ReadMetrics = async (queries, range) => {
    const series = await readMetrics(queries, range);
    sample();
    return series;
  };
  const startMs = performance.now();
  await run({ ...reader, readMetrics: sampled });
  const seconds = (performance.now() - startMs) / 1_000;
  sample();
  const grownMb = Math.round((peakBytes - heldBytes) / 1_000_000);
  return `${name} ${seconds.toFixed(2)} s, ${grownMb} MB more, ${reader.read.metrics} metrics read`;
}

function checkHeadroom(metrics: Metrics) {
  return ({ readMetrics, runEvaluation }: ReturnType<typeof createReader>) =>
    createCheckHeadroom({
      assessHeadroom: createAssessHeadroom({ account: ACCOUNT, readMetrics }),
      readQuota: async () => createQuotaStatus(QUOTA),
      publishMetricData: metrics.publishMetricData,
      runEvaluation,
    })();
}

async function main(): Promise<string[]> {
  const quiet = await createStore(false);
  const results = [await measure('quiet', quiet, checkHeadroom(quiet))];
  const troubled = await createStore(true);
  results.push(
    await measure('all stages refused', troubled, checkHeadroom(troubled)),
    await measure('detect-anomalies', troubled, ({ readMetrics, runEvaluation }) =>
      createDetectAnomalies({
        account: ACCOUNT,
        readMetrics,
        runEvaluation,
        availabilityTargetRatio: 0.999,
      })(),
    ),
  );
  return results;
}

const results = await main();
const peakMb = Math.round((process.resourceUsage().maxRSS * 1_024) / 1_000_000);
process.stdout.write(
  `evaluation of ${STAGES} stages against CloudWatch in memory: ${results.join('; ')}; the process with all data ${peakMb} MB at its peak (target 5 s, 500 MB)\n`,
);
