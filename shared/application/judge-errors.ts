import type { Account, MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import {
  countsPerMinute,
  MINUTE_MS,
  readStageMetrics,
  stageDimensions,
  withHistory,
} from '#shared/application/read-stage-metrics.ts';
import { type Evaluator, mergeMinutes } from '#shared/application/run-evaluation.ts';
import { hasBreach, openStages, stageScope } from '#shared/application/suspects.ts';
import { SERVER_CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';
import {
  dominantCause,
  ERROR_BUDGET_HISTORY_MINUTES,
  judgeErrorBudget,
  mayBurn,
} from '#shared/domain/detection/judge-error-budget.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  /** The share of requests that must not fail with 5xx, below 1. */
  readonly availabilityTargetRatio: number;
};

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

/** Causes are read only of stages that are already suspicious: there are many of them, and reading costs. */
async function readCauses(
  readMetrics: ReadMetrics,
  stages: readonly InventoryItem[],
  range: TimeRange,
): Promise<(readonly MetricSeries[])[]> {
  if (stages.length === 0) return [];
  const series = await readMetrics(
    stages.flatMap((item) =>
      SERVER_CAUSE_SLUGS.map(
        (Cause) =>
          ({
            name: 'ErrorCount',
            dimensions: { ...stageDimensions(item), Cause },
            statistic: 'Sum',
            periodSeconds: 60,
          }) as const,
      ),
    ),
    withHistory(range, CAUSE_MINUTES),
  );
  const { length } = SERVER_CAUSE_SLUGS;
  return stages.map((_, index) => series.slice(index * length, (index + 1) * length));
}

/** A stage whose errors may matter, with those of each minute. */
type Suspect = { readonly item: InventoryItem; readonly serverErrors: readonly number[] };

type JudgedStage = { readonly item: InventoryItem; readonly minutes: readonly JudgedMinute[] };

/** Requests are read only of stages with enough errors to matter, and of those with errors that are still told of. */
async function judgeSuspects(
  { account, readMetrics, availabilityTargetRatio }: Dependencies,
  suspects: readonly Suspect[],
  history: TimeRange,
): Promise<JudgedStage[]> {
  if (suspects.length === 0) return [];
  const items = suspects.map(({ item }) => item);
  const requests = await readStageMetrics(
    readMetrics,
    items,
    [{ name: 'RequestCount', statistic: 'Sum' }],
    history,
  );
  return suspects.map(({ item, serverErrors }, index) => {
    const errors = {
      scope: stageScope(account, item),
      startMs: history.fromMs,
      requests: countsPerMinute(requests[index]?.[0], history),
      serverErrors,
    };
    return {
      item,
      minutes: judgeErrorBudget(errors, ERROR_BUDGET_HISTORY_MINUTES, availabilityTargetRatio),
    };
  });
}

/** Judges how fast stages use up their error budgets. A stage that nothing can be said of is left out, as if it were clean. */
export function createJudgeErrors(dependencies: Dependencies): Evaluator['judge'] {
  const { readMetrics } = dependencies;
  return async (range, inventory, base) => {
    const history = withHistory(range, ERROR_BUDGET_HISTORY_MINUTES);
    const errors = await readStageMetrics(
      readMetrics,
      inventory,
      [{ name: 'ServerErrorCount', statistic: 'Sum' }],
      history,
    );
    const open = openStages(base);
    const suspects = inventory
      .map((item, index) => ({ item, serverErrors: countsPerMinute(errors[index]?.[0], history) }))
      .filter(
        ({ item, serverErrors }) =>
          open.has(stageKey(item)) || mayBurn(serverErrors, ERROR_BUDGET_HISTORY_MINUTES),
      );
    const judged = await judgeSuspects(dependencies, suspects, history);
    const failing = judged.filter(({ minutes }) => hasBreach(minutes));
    const calm = judged.filter(({ minutes }) => !hasBreach(minutes));
    const causes = await readCauses(
      readMetrics,
      failing.map(({ item }) => item),
      range,
    );
    return mergeMinutes([
      ...calm.map(({ minutes }) => minutes),
      ...failing.map(({ minutes }, index) => withCause(minutes, causes[index] ?? [])),
    ]);
  };
}
