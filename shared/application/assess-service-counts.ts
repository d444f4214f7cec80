import type { Account, MetricSeries, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { BASELINE_MS, type StageHistory, stageInMinute } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import { judgeMeanUse, type MinuteSum } from '#shared/domain/headroom/judge-mean-use.ts';
import type { Quota } from '#shared/domain/headroom/quota.ts';
import { groupByMetrics } from '#shared/domain/headroom/source-minutes.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

type Dependencies = { readonly account: Account; readonly readServiceCounts: ReadServiceCounts };

/** What API Gateway's own counts tell of a range of minutes. */
export type CountsAssessment = {
  readonly minutes: readonly MinuteSum[];
  readonly judged: readonly JudgedMinute[];
  /** Without 429s, which are not counted apart; each with the number of other stages in it. */
  readonly stages: readonly (StageHistory & { readonly othersCounted: number })[];
};

function addUp(series: readonly MetricSeries[]): MetricSeries {
  const [first = new Map<number, number>(), ...others] = series;
  if (others.length === 0) return first;
  const total = new Map(first);
  for (const other of others)
    for (const [minuteMs, count] of other) total.set(minuteMs, (total.get(minuteMs) ?? 0) + count);
  return total;
}

async function readHistories(
  { account, readServiceCounts }: Dependencies,
  inventory: readonly InventoryItem[],
  range: TimeRange,
): Promise<CountsAssessment['stages']> {
  const groups = groupByMetrics(inventory);
  const metrics = groups.flatMap((group) => group.metrics);
  const series = metrics.length === 0 ? [] : await readServiceCounts(metrics, range);
  let next = 0;
  return groups.flatMap(({ stages, metrics: { length } }) => {
    const own = series.slice(next, next + length);
    next += length;
    const [item] = stages;
    if (item === undefined) return [];
    const { apiId, apiName, stage } = item;
    return {
      id: { apiId, stage },
      scope: { ...account, apiId, apiName, stage },
      requests: addUp(own),
      throttled: new Map<number, number>(),
      othersCounted: stages.length - 1,
    };
  });
}

/**
 * Compares API Gateway's own counts with the throttle that all APIs share, by the means of minutes: for accounts whose
 * logs nobody counts.
 */
export function createAssessServiceCounts(dependencies: Dependencies) {
  return async (
    range: TimeRange,
    inventory: readonly InventoryItem[],
    quota: Quota,
  ): Promise<CountsAssessment> => {
    const stages = await readHistories(dependencies, inventory, {
      ...range,
      fromMs: range.fromMs - BASELINE_MS,
    });
    const minutes: MinuteSum[] = [];
    for (let minuteMs = range.fromMs; minuteMs < range.toMs; minuteMs += MINUTE_MS) {
      const requests = stages.reduce((sum, stage) => sum + (stage.requests.get(minuteMs) ?? 0), 0);
      if (requests > 0) minutes.push({ minuteMs, requests });
    }
    const judged = minutes.map((minute) => ({
      minuteMs: minute.minuteMs,
      judgements: judgeMeanUse({
        ...minute,
        stages: stages.map((stage) => stageInMinute(stage, minute.minuteMs)),
        quota,
        accountScope: dependencies.account,
      }),
    }));
    return { minutes, judged, stages };
  };
}
