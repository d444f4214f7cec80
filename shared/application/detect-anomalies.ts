import { errorsPeriodMinutes } from '#shared/application/errors-period.ts';
import type { Account, MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import {
  countsPerMinute,
  MINUTE_MS,
  perMinute,
  readStageMetrics,
  stageDimensions,
} from '#shared/application/read-stage-metrics.ts';
import {
  type EvaluationOutcome,
  type Evaluator,
  LATE_METRICS_MINUTES,
  mergeMinutes,
} from '#shared/application/run-evaluation.ts';
import { SERVER_CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';
import type { Scope } from '#shared/domain/detection/finding.ts';
import { isBodyLoggingConfigured, judgeBodyLogging } from '#shared/domain/detection/judge-body-logging.ts';
import {
  dominantCause,
  ERROR_BUDGET_HISTORY_MINUTES,
  judgeErrorBudget,
} from '#shared/domain/detection/judge-error-budget.ts';
import { judgeLatency, LATENCY_HISTORY_MINUTES } from '#shared/domain/detection/judge-latency.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  readonly runEvaluation: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
  /** The share of requests that must not fail with 5xx, below 1. */
  readonly availabilityTargetRatio: number;
};

/** What became of each way of looking. */
export type AnomalyReport = {
  readonly logging: EvaluationOutcome;
  readonly errors: EvaluationOutcome;
  readonly latency: EvaluationOutcome;
};

function scopeOf(account: Account, { apiId, apiName, stage }: InventoryItem): Scope {
  return { ...account, apiId, apiName, stage };
}

function withHistory({ fromMs, toMs }: TimeRange, historyMinutes: number): TimeRange {
  return { fromMs: fromMs - historyMinutes * MINUTE_MS, toMs };
}

function hasBreach(minutes: readonly JudgedMinute[]): boolean {
  return minutes.some(({ judgements }) => judgements.some(({ verdict }) => verdict === 'breach'));
}

/** A minute's cause is that of its newest errors; errors come in bursts, so one minute is too short to tell. */
const CAUSE_MINUTES = 5;

function sumUpTo(series: MetricSeries, minuteMs: number): number {
  let sum = 0;
  for (let back = 0; back < CAUSE_MINUTES; back += 1) sum += series.get(minuteMs - back * MINUTE_MS) ?? 0;
  return sum;
}

/**
 * Gives each minute the cause that dominates up to it. What comes later does not count: the cause of the first bad
 * minute decides which incident an occurrence belongs to, and that must not change while it goes on.
 */
function withCause(minutes: readonly JudgedMinute[], causes: readonly MetricSeries[]): JudgedMinute[] {
  return minutes.map(({ minuteMs, judgements }) => {
    const totals = causes.map((series) => sumUpTo(series, minuteMs));
    const cause = dominantCause(new Map(SERVER_CAUSE_SLUGS.map((slug, index) => [slug, totals[index] ?? 0])));
    return { minuteMs, judgements: judgements.map((judgement) => ({ ...judgement, cause })) };
  });
}

/** Causes are read only for a stage that is already suspicious: there are many of them, and reading costs. */
function readCauses(
  readMetrics: ReadMetrics,
  item: InventoryItem,
  range: TimeRange,
): Promise<readonly MetricSeries[]> {
  return readMetrics(
    SERVER_CAUSE_SLUGS.map(
      (Cause) =>
        ({
          name: 'ErrorCount',
          dimensions: { ...stageDimensions(item), Cause },
          statistic: 'Sum',
          periodSeconds: 60,
        }) as const,
    ),
    withHistory(range, CAUSE_MINUTES),
  );
}

function createJudgeErrors({
  account,
  readMetrics,
  availabilityTargetRatio,
}: Dependencies): Evaluator['judge'] {
  return async (range, inventory) => {
    const history = withHistory(range, ERROR_BUDGET_HISTORY_MINUTES);
    const stages = await readStageMetrics(
      readMetrics,
      inventory,
      [
        { name: 'RequestCount', statistic: 'Sum' },
        { name: 'ServerErrorCount', statistic: 'Sum' },
      ],
      history,
    );
    const judged = inventory.map(async (item, index) => {
      const [requests, serverErrors] = stages[index] ?? [];
      const errors = {
        scope: scopeOf(account, item),
        startMs: history.fromMs,
        requests: countsPerMinute(requests, history),
        serverErrors: countsPerMinute(serverErrors, history),
      };
      const minutes = judgeErrorBudget(errors, ERROR_BUDGET_HISTORY_MINUTES, availabilityTargetRatio);
      return hasBreach(minutes) ? withCause(minutes, await readCauses(readMetrics, item, range)) : minutes;
    });
    return mergeMinutes(await Promise.all(judged));
  };
}

function createJudgeSlowness({ account, readMetrics }: Dependencies): Evaluator['judge'] {
  return async (range, inventory) => {
    const history = withHistory(range, LATENCY_HISTORY_MINUTES);
    const stages = await readStageMetrics(
      readMetrics,
      inventory,
      [
        { name: 'RequestCount', statistic: 'Sum' },
        { name: 'Latency', statistic: 'p99' },
        { name: 'IntegrationLatency', statistic: 'p99' },
      ],
      history,
    );
    const judged = inventory.map((item, index) => {
      const [requests, latency, integrationLatency] = stages[index] ?? [];
      const stage = {
        scope: scopeOf(account, item),
        startMs: history.fromMs,
        requests: countsPerMinute(requests, history),
        p99Ms: perMinute(latency, history),
        integrationP99Ms: perMinute(integrationLatency, history),
        integrationTimeoutMs: item.integrationTimeoutMs,
      };
      return judgeLatency(stage, LATENCY_HISTORY_MINUTES);
    });
    return mergeMinutes(judged);
  };
}

/** Settings are those of now: they say nothing of the minutes before, nor is any traffic needed to know them. */
function createJudgeLogging({ account }: Dependencies): Evaluator['judge'] {
  return async ({ toMs }, inventory) => {
    const judgements = inventory.flatMap((item) => {
      const isConfigured = isBodyLoggingConfigured(item);
      return judgeBodyLogging(scopeOf(account, item), { isConfigured, linesSeen: 0 }) ?? [];
    });
    return [{ minuteMs: toMs - MINUTE_MS, judgements }];
  };
}

/**
 * Looks at every stage for bodies in its logs, failing and slow requests: settings and errors each minute, errors of more
 * than 200 stages and latency every five.
 */
export function createDetectAnomalies(dependencies: Dependencies) {
  const { runEvaluation } = dependencies;
  const logging: Evaluator = {
    name: 'detect-anomalies/logging',
    periodMinutes: 1,
    rereadMinutes: 0,
    judge: createJudgeLogging(dependencies),
  };
  const errors: Evaluator = {
    name: 'detect-anomalies/errors',
    periodMinutes: errorsPeriodMinutes,
    rereadMinutes: LATE_METRICS_MINUTES,
    judge: createJudgeErrors(dependencies),
  };
  const latency: Evaluator = {
    name: 'detect-anomalies/latency',
    periodMinutes: 5,
    rereadMinutes: LATE_METRICS_MINUTES,
    judge: createJudgeSlowness(dependencies),
  };
  // What needs no metrics comes first: it does not wait for CloudWatch.
  return async (): Promise<AnomalyReport> => ({
    logging: await runEvaluation(logging),
    errors: await runEvaluation(errors),
    latency: await runEvaluation(latency),
  });
}
