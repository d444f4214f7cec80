import type { MetricSeries, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { countsPerMinute, MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import {
  distinctMetrics,
  loggedStages,
  unloggedStages,
  withLateMinutes,
} from '#shared/domain/headroom/sources/unlogged-demand.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** What API Gateway counted of the stages without a readable access log. */
export type UnloggedDemand = {
  /** Requests per minute by the key of the stage. */
  readonly byStage: ReadonlyMap<string, MetricSeries>;
};

/** Nothing is unlogged, or nobody counts it: a log replayed on a laptop has no such counts. */
const NOTHING_UNLOGGED: UnloggedDemand = { byStage: new Map() };

function addSeries(parts: readonly MetricSeries[]): MetricSeries {
  const sum = new Map<number, number>();
  for (const part of parts) {
    for (const [minuteMs, count] of part) sum.set(minuteMs, (sum.get(minuteMs) ?? 0) + count);
  }
  return sum;
}

/**
 * Reads API Gateway's own counts of the stages without a readable access log; the newest minutes may be estimates.
 *
 * @param range - The history that a baseline needs costs nothing more: reading is paid by metric
 */
export async function readUnloggedDemand(
  readServiceCounts: ReadServiceCounts | undefined,
  inventory: readonly InventoryItem[],
  range: TimeRange,
): Promise<UnloggedDemand> {
  const stages = readServiceCounts === undefined ? [] : unloggedStages(inventory);
  if (readServiceCounts === undefined || stages.length === 0) return NOTHING_UNLOGGED;
  const counts = await readServiceCounts(
    stages.flatMap(({ metrics }) => metrics),
    range,
  );
  const byStage = new Map<string, MetricSeries>();
  let next = 0;
  for (const { item, metrics } of stages) {
    const parts = counts.slice(next, next + metrics.length);
    byStage.set(stageKey(item), addSeries(parts.map((part) => withLateMinutes(part, range.toMs))));
    next += metrics.length;
  }
  return { byStage };
}

/** The unlogged requests of all stages as one value per minute of a range. */
export function unloggedPerMinute({ byStage }: UnloggedDemand, range: TimeRange): number[] {
  const all = addSeries([...byStage.values()]);
  return countsPerMinute(all, range);
}

/** The minutes of a range in which API Gateway counted requests of stages whose logs should show them. */
export async function readBusyLoggedMinutes(
  readServiceCounts: ReadServiceCounts,
  inventory: readonly InventoryItem[],
  range: TimeRange,
): Promise<ReadonlySet<number>> {
  const counts = await readServiceCounts(distinctMetrics(loggedStages(inventory)), {
    ...range,
    fromMs: range.fromMs - 5 * MINUTE_MS,
  });
  const all = addSeries(counts.map((series) => withLateMinutes(series, range.toMs)));
  return new Set([...all].filter(([, count]) => count > 0).map(([minuteMs]) => minuteMs));
}
