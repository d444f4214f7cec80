import type { Account, MetricQuery, MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import { type EvaluationOutcome, type Evaluator, mergeMinutes } from '#shared/application/run-evaluation.ts';
import { type CauseSlug, SERVER_CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';
import {
  dominantCause,
  ERROR_BUDGET_HISTORY_MINUTES,
  judgeErrorBudget,
} from '#shared/domain/detection/judge-error-budget.ts';
import { judgeLatency, LATENCY_HISTORY_MINUTES } from '#shared/domain/detection/judge-latency.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

const MINUTE_MS = 60_000;

type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  readonly runEvaluation: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
  /** The share of requests that must not fail with 5xx, below 1. */
  readonly availabilityTargetRatio: number;
};

/** The outcomes of the two tiers of reading. */
export type AnomalyReport = { readonly errors: EvaluationOutcome; readonly latency: EvaluationOutcome };

type StageQuery = Pick<MetricQuery, 'name' | 'statistic'>;

function dimensionsOf({ apiId, stage }: InventoryItem): { ApiId: string; Stage: string } {
  return { ApiId: apiId, Stage: stage };
}

function counts(series: MetricSeries | undefined, { fromMs, toMs }: TimeRange): number[] {
  return values(series, { fromMs, toMs }).map((value) => value ?? 0);
}

function values(series: MetricSeries | undefined, { fromMs, toMs }: TimeRange): (number | null)[] {
  const perMinute: (number | null)[] = [];
  for (let minute = fromMs; minute < toMs; minute += MINUTE_MS) perMinute.push(series?.get(minute) ?? null);
  return perMinute;
}

function hasBreach(minutes: readonly JudgedMinute[]): boolean {
  return minutes.some(({ judgements }) => judgements.some(({ verdict }) => verdict === 'breach'));
}

function withCause(minutes: readonly JudgedMinute[], cause: CauseSlug | null): JudgedMinute[] {
  return minutes.map(({ minuteMs, judgements }) => ({
    minuteMs,
    judgements: judgements.map((judgement) => ({ ...judgement, cause })),
  }));
}

/** Looks at every stage for failing and slow requests; errors each minute, latency every five. */
export function createDetectAnomalies(dependencies: Dependencies) {
  const { account, readMetrics, runEvaluation, availabilityTargetRatio } = dependencies;

  async function readStages(
    inventory: readonly InventoryItem[],
    queries: readonly StageQuery[],
    range: TimeRange,
  ): Promise<MetricSeries[][]> {
    const series = await readMetrics(
      inventory.flatMap((item) =>
        queries.map((query) => ({ ...query, dimensions: dimensionsOf(item), periodSeconds: 60 }) as const),
      ),
      range,
    );
    return inventory.map((_, index) => series.slice(index * queries.length, (index + 1) * queries.length));
  }

  /** Causes are read only for a stage that is already suspicious: there are many of them, and reading costs. */
  async function readCause(item: InventoryItem, range: TimeRange): Promise<CauseSlug | null> {
    const series = await readMetrics(
      SERVER_CAUSE_SLUGS.map(
        (Cause) =>
          ({
            name: 'ErrorCount',
            dimensions: { ...dimensionsOf(item), Cause },
            statistic: 'Sum',
            periodSeconds: 60,
          }) as const,
      ),
      range,
    );
    const totals = series.map((values) => [...values.values()].reduce((sum, value) => sum + value, 0));
    return dominantCause(new Map(SERVER_CAUSE_SLUGS.map((cause, index) => [cause, totals[index] ?? 0])));
  }

  function scopeOf({ apiId, apiName, stage }: InventoryItem) {
    return { ...account, apiId, apiName, stage };
  }

  async function judgeErrors(range: TimeRange, inventory: readonly InventoryItem[]): Promise<JudgedMinute[]> {
    const history = { fromMs: range.fromMs - ERROR_BUDGET_HISTORY_MINUTES * MINUTE_MS, toMs: range.toMs };
    const stages = await readStages(
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
        scope: scopeOf(item),
        startMs: history.fromMs,
        requests: counts(requests, history),
        serverErrors: counts(serverErrors, history),
      };
      const minutes = judgeErrorBudget(errors, ERROR_BUDGET_HISTORY_MINUTES, availabilityTargetRatio);
      return hasBreach(minutes) ? withCause(minutes, await readCause(item, range)) : minutes;
    });
    return mergeMinutes(await Promise.all(judged));
  }

  async function judgeSlowness(range: TimeRange, inventory: readonly InventoryItem[]): Promise<JudgedMinute[]> {
    const history = { fromMs: range.fromMs - LATENCY_HISTORY_MINUTES * MINUTE_MS, toMs: range.toMs };
    const stages = await readStages(
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
      return judgeLatency(
        {
          scope: scopeOf(item),
          startMs: history.fromMs,
          requests: counts(requests, history),
          p99Ms: values(latency, history),
          integrationP99Ms: values(integrationLatency, history),
          integrationTimeoutMs: item.integrationTimeoutMs,
        },
        LATENCY_HISTORY_MINUTES,
      );
    });
    return mergeMinutes(judged);
  }

  return async (): Promise<AnomalyReport> => ({
    errors: await runEvaluation({ name: 'detect-anomalies/errors', periodMinutes: 1, judge: judgeErrors }),
    latency: await runEvaluation({ name: 'detect-anomalies/latency', periodMinutes: 5, judge: judgeSlowness }),
  });
}
