import type { MetricQuery, MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import { countsPerSecond } from '#shared/application/read-account-seconds.ts';
import type { StageHistory } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS, stageDimensions } from '#shared/application/read-stage-metrics.ts';
import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type {
  ThrottledMinutes,
  ThrottledStage,
} from '#shared/domain/headroom/throttling/split-throttling.ts';
import { LAYER_CAUSES, type LayerCounts } from '#shared/domain/headroom/throttling/throttle-layers.ts';
import { type InventoryItem, isKnownStage, stageKey } from '#shared/domain/inventory/stage.ts';

/** 429s per second are read of this many stages, the hardest hit; those of the others are taken to come as the account's do. */
const MAX_STAGES_BY_SECOND = 50;

const UNKNOWN_LEVEL = 'throttle.unknown-level';

type CauseMetric = 'ErrorCount' | 'ExecutionCause';

/** The series that tell the layers of one stage's 429s. */
type Told = {
  readonly stage: StageHistory;
  readonly causes: ReadonlyMap<CauseSlug, MetricSeries>;
  readonly executionCauses: ReadonlyMap<CauseSlug, MetricSeries>;
  readonly perSecond: MetricSeries | null;
};

function total(series: MetricSeries | undefined): number {
  let sum = 0;
  for (const count of series?.values() ?? []) sum += count;
  return sum;
}

function causeQuery(item: InventoryItem, name: CauseMetric, Cause: CauseSlug): MetricQuery {
  return { name, dimensions: { ...stageDimensions(item), Cause }, statistic: 'Sum', periodSeconds: 60 };
}

/** Reads one metric of some causes for some stages, all in one go. */
async function readCauses(
  readMetrics: ReadMetrics,
  stages: readonly StageHistory[],
  name: CauseMetric,
  causes: readonly CauseSlug[],
  range: TimeRange,
): Promise<Map<StageHistory, Map<CauseSlug, MetricSeries>>> {
  if (stages.length === 0) return new Map();
  const series = await readMetrics(
    stages.flatMap(({ item }) => causes.map((cause) => causeQuery(item, name, cause))),
    range,
  );
  return new Map(
    stages.map((stage, index) => [
      stage,
      new Map(causes.map((cause, at) => [cause, series[index * causes.length + at] ?? new Map()])),
    ]),
  );
}

/** Whether a stage may have an execution log: HTTP APIs have none, and what nobody has looked at may have one. */
function mayLogExecution(item: InventoryItem): boolean {
  return isKnownStage(item) && item.apiType !== 'HTTP' && item.executionLogLevel !== 'OFF';
}

async function readSeconds(
  readMetrics: ReadMetrics,
  stages: readonly StageHistory[],
  range: TimeRange,
): Promise<Map<StageHistory, MetricSeries>> {
  const hardest = [...stages]
    .sort((a, b) => total(b.throttled) - total(a.throttled))
    .slice(0, MAX_STAGES_BY_SECOND);
  const series = await readMetrics(
    hardest.map(({ item }) => ({
      name: 'ThrottledCount',
      dimensions: stageDimensions(item),
      statistic: 'Sum',
      periodSeconds: 1,
    })),
    range,
  );
  return new Map(hardest.map((stage, index) => [stage, series[index] ?? new Map()]));
}

function namedBy(causes: ReadonlyMap<CauseSlug, MetricSeries> | undefined): number {
  let sum = 0;
  for (const series of causes?.values() ?? []) sum += total(series);
  return sum;
}

/**
 * Reads what tells the layers, as little as it takes: the cause without a level first, which is all that most access logs
 * have; those that name one where that does not explain every 429; the execution log where one may be.
 */
async function readTold(
  readMetrics: ReadMetrics,
  stages: readonly StageHistory[],
  range: TimeRange,
): Promise<Told[]> {
  const unknown = await readCauses(readMetrics, stages, 'ErrorCount', [UNKNOWN_LEVEL], range);
  const unnamed = (stage: StageHistory): number => total(unknown.get(stage)?.get(UNKNOWN_LEVEL));
  const named = stages.filter((stage) => unnamed(stage) !== total(stage.throttled));
  const causes = await readCauses(readMetrics, named, 'ErrorCount', LAYER_CAUSES, range);
  const executed = stages.filter(
    (stage) => mayLogExecution(stage.item) && namedBy(causes.get(stage)) < total(stage.throttled),
  );
  const executionCauses = await readCauses(
    readMetrics,
    executed,
    'ExecutionCause',
    [...LAYER_CAUSES, UNKNOWN_LEVEL],
    range,
  );
  const seconds = await readSeconds(readMetrics, stages, range);
  return stages.map((stage) => ({
    stage,
    causes: causes.get(stage) ?? new Map(),
    executionCauses: executionCauses.get(stage) ?? new Map(),
    perSecond: seconds.get(stage) ?? null,
  }));
}

function countsAt(series: ReadonlyMap<CauseSlug, MetricSeries>, minuteMs: number): LayerCounts {
  return new Map(LAYER_CAUSES.map((cause) => [cause, series.get(cause)?.get(minuteMs) ?? 0]));
}

function inMinute({ stage, causes, executionCauses, perSecond }: Told, minuteMs: number): ThrottledStage {
  const second = { fromMs: minuteMs, toMs: minuteMs + MINUTE_MS };
  return {
    key: stageKey(stage.item),
    requests: stage.requests.get(minuteMs) ?? 0,
    throttled: stage.throttled.get(minuteMs) ?? 0,
    causes: countsAt(causes, minuteMs),
    executionCauses: countsAt(executionCauses, minuteMs),
    executionUnknown: executionCauses.get(UNKNOWN_LEVEL)?.get(minuteMs) ?? 0,
    limits: stage.item.limits ?? null,
    perSecond: perSecond === null ? null : countsPerSecond(perSecond, second),
  };
}

/**
 * Reads what tells the layers of the 429s of all stages that have any.
 *
 * @param minutesMs - The minutes with trouble, within the range
 */
export async function readThrottledStages(
  readMetrics: ReadMetrics,
  stages: readonly StageHistory[],
  minutesMs: readonly number[],
  range: TimeRange,
): Promise<ThrottledMinutes> {
  const throttled = stages.filter((stage) => total(stage.throttled) > 0);
  const told = throttled.length === 0 ? [] : await readTold(readMetrics, throttled, range);
  return new Map(
    minutesMs.map((minuteMs) => [
      minuteMs,
      told
        .filter(({ stage }) => (stage.throttled.get(minuteMs) ?? 0) > 0)
        .map((stage) => inMinute(stage, minuteMs)),
    ]),
  );
}
