import type { MetricSeries, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import {
  countsPerMinute,
  MINUTE_MS,
  perMinute,
  readStageMetrics,
  stageDimensions,
} from '#shared/application/read-stage-metrics.ts';
import {
  type GroupMinutes,
  groupByMetrics,
  type MetricGroup,
  type SourceMinutes,
} from '#shared/domain/headroom/sources/source-minutes.ts';
import { type InventoryItem, isKnownStage, UNKNOWN_STAGE } from '#shared/domain/inventory/stage.ts';
import type { RequestMetric } from '#shared/domain/logging/request-metrics.ts';

/** `Count` of all APIs: see {@link SourceMinutes}. */
const UNDIMENSIONED: RequestMetric = { name: 'Count', dimensions: {} };

type Dependencies = { readonly readMetrics: ReadMetrics; readonly readServiceCounts: ReadServiceCounts };

/** The metrics of one group, added up; a minute in which none of them has a value stays `null`. */
function sumPerMinute(series: readonly MetricSeries[], range: TimeRange): (number | null)[] {
  const parts = series.map((one) => perMinute(one, range));
  const [first = []] = parts;
  return first.map((_, minute) =>
    parts.reduce<number | null>((sum, part) => {
      const value = part[minute] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );
}

function hasDataBefore(series: MetricSeries | undefined, beforeMs: number): boolean {
  for (const [minuteMs, value] of series ?? []) if (minuteMs < beforeMs && value > 0) return true;
  return false;
}

function groupsOf(inventory: readonly InventoryItem[]): MetricGroup[] {
  return groupByMetrics(inventory.filter(isKnownStage));
}

type Counts = {
  readonly groups: readonly Pick<GroupMinutes, 'counted' | 'connects'>[];
  readonly undimensioned: readonly (number | null)[];
};

/** Reads API Gateway's own count of each group. */
async function readCounts(
  groups: readonly MetricGroup[],
  readServiceCounts: ReadServiceCounts,
  range: TimeRange,
): Promise<Counts> {
  const metrics = groups.flatMap((group) => group.metrics);
  const series = await readServiceCounts([...metrics, UNDIMENSIONED], range);
  let next = 0;
  const counts = groups.map((group) => {
    const own = series.slice(next, next + group.metrics.length);
    next += group.metrics.length;
    const connects = group.metrics.findIndex(({ name }) => name === 'ConnectCount');
    return { counted: sumPerMinute(own, range), connects: countsPerMinute(own[connects], range) };
  });
  return { groups: counts, undimensioned: perMinute(series[metrics.length], range) };
}

/** True if API Gateway published any count of the stages in a range. */
export async function hasServiceCounts(
  inventory: readonly InventoryItem[],
  readServiceCounts: ReadServiceCounts,
  range: TimeRange,
): Promise<boolean> {
  const { groups } = await readCounts(groupsOf(inventory), readServiceCounts, range);
  return groups.some(({ counted }) => counted.some((count) => count !== null));
}

/**
 * Reads what access logs and API Gateway itself say of the requests of each minute.
 *
 * @param lookBackMinutes - How far before the range a stage's log is looked at, to know whether it was ever heard
 */
export async function readSources(
  { readMetrics, readServiceCounts }: Dependencies,
  inventory: readonly InventoryItem[],
  range: TimeRange,
  lookBackMinutes: number,
): Promise<SourceMinutes> {
  const groups = groupsOf(inventory);
  const requests = { name: 'RequestCount', statistic: 'Sum' } as const;
  const account = [{}, stageDimensions(UNKNOWN_STAGE)].map(
    (dimensions) => ({ ...requests, dimensions, periodSeconds: 60 }) as const,
  );
  const stages = groups.flatMap((group) => group.stages);
  const history = { ...range, fromMs: range.fromMs - lookBackMinutes * MINUTE_MS };
  const [counts, [logged, unidentified], logs] = await Promise.all([
    readCounts(groups, readServiceCounts, range),
    readMetrics(account, range),
    readStageMetrics(readMetrics, stages, [requests], history),
  ]);
  let next = 0;
  return {
    startMs: range.fromMs,
    groups: groups.map((group, index) => {
      const own = logs.slice(next, next + group.stages.length).map(([series]) => series);
      next += group.stages.length;
      const { counted = [], connects = [] } = counts.groups[index] ?? {};
      return {
        stages: group.stages,
        counted,
        connects,
        logged: own.map((series) => countsPerMinute(series, range)),
        heardBefore: own.map((series) => hasDataBefore(series, range.fromMs)),
      };
    }),
    logged: countsPerMinute(logged, range),
    unidentified: countsPerMinute(unidentified, range),
    undimensioned: counts.undimensioned,
  };
}
