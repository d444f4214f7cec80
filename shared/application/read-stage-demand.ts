import type { Account, MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import { MINUTE_MS, readStageMetrics, type StageQuery } from '#shared/application/read-stage-metrics.ts';
import type { UnloggedDemand } from '#shared/application/read-unlogged-demand.ts';
import type { Scope } from '#shared/domain/detection/finding.ts';
import { median } from '#shared/domain/detection/statistics.ts';
import type { StageMinuteDemand } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { refusedEarlier, type ThrottleLayers } from '#shared/domain/headroom/throttling/throttle-layers.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** A stage's usual rate is the median of an hour, without the newest minutes, which may be the incident. */
const BASELINE_MINUTES = 60;
const BASELINE_GAP_MINUTES = 5;
/** With fewer of them, as in the first minutes after a deployment, nobody knows what is usual. */
const MIN_BASELINE_MINUTES = 5;
/** How long before a minute its baseline begins. */
export const BASELINE_MS = (BASELINE_MINUTES + BASELINE_GAP_MINUTES) * MINUTE_MS;

/** What a stage was asked for and refused, minute by minute. */
export type StageHistory = {
  readonly item: InventoryItem;
  readonly scope: Scope;
  readonly requests: MetricSeries;
  readonly throttled: MetricSeries;
  readonly isUnlogged: boolean;
  /** Minutes of which the source of its counts says anything, of whichever stage: in those, no datum means no request. */
  readonly knownMinutesMs: ReadonlySet<number>;
};

const NO_DATA: MetricSeries = new Map();

/** The usual rate, by the minutes that are known; `null` where they are too few. */
function usualRps({ requests, knownMinutesMs }: StageHistory, minuteMs: number): number | null {
  const newestMs = minuteMs - BASELINE_GAP_MINUTES * MINUTE_MS;
  const perMinute: number[] = [];
  for (let minute = newestMs - BASELINE_MINUTES * MINUTE_MS; minute < newestMs; minute += MINUTE_MS) {
    if (knownMinutesMs.has(minute)) perMinute.push(requests.get(minute) ?? 0);
  }
  const usual = perMinute.length < MIN_BASELINE_MINUTES ? null : median(perMinute);
  return usual === null ? null : usual / 60;
}

/** A stage in one minute of its history; what never reached the account throttle takes nothing from the others. */
export function stageInMinute(
  history: StageHistory,
  minuteMs: number,
  layers: ThrottleLayers,
): StageMinuteDemand {
  const { item, scope, requests, throttled, isUnlogged } = history;
  const count = requests.get(minuteMs) ?? 0;
  return {
    id: item,
    scope,
    requests: count,
    throttled: throttled.get(minuteMs) ?? 0,
    layers,
    isUnlogged,
    nowRps: Math.max(0, count - refusedEarlier(layers)) / 60,
    // Asked for only while the account is in trouble, which is rarely.
    get usualRps() {
      return usualRps(history, minuteMs);
    },
  };
}

/** What the trouble makes worth reading: demand of all stages only where the quota is short. */
export type StageNeeds = {
  readonly unlogged: UnloggedDemand;
  readonly hasThrottles: boolean;
  readonly isShort: boolean;
};

type Dependencies = { readonly account: Account; readonly readMetrics: ReadMetrics };

const REQUESTS: StageQuery = { name: 'RequestCount', statistic: 'Sum' };
const THROTTLED: StageQuery = { name: 'ThrottledCount', statistic: 'Sum' };

async function readSeries(
  readMetrics: ReadMetrics,
  stages: readonly InventoryItem[],
  query: StageQuery,
  range: TimeRange,
): Promise<Map<InventoryItem, MetricSeries>> {
  if (stages.length === 0) return new Map();
  const series = await readStageMetrics(readMetrics, stages, [query], range);
  return new Map(stages.map((item, index) => [item, series[index]?.[0] ?? NO_DATA]));
}

function minutesOf(series: Iterable<MetricSeries>): Set<number> {
  const minutesMs = new Set<number>();
  for (const one of series) for (const minuteMs of one.keys()) minutesMs.add(minuteMs);
  return minutesMs;
}

/**
 * Reads every stage's 429s, and the demand of those that matter: all while the quota is short, else those with 429s.
 *
 * @param range - The minutes with trouble; the baseline before them is read as well
 */
export async function readStageDemand(
  { account, readMetrics }: Dependencies,
  inventory: readonly InventoryItem[],
  range: TimeRange,
  { unlogged, hasThrottles, isShort }: StageNeeds,
): Promise<StageHistory[]> {
  const logged = inventory.filter((item) => !unlogged.byStage.has(stageKey(item)));
  const throttled = await readSeries(readMetrics, hasThrottles ? logged : [], THROTTLED, range);
  const wanted = isShort ? logged : logged.filter((item) => (throttled.get(item)?.size ?? 0) > 0);
  const history = { ...range, fromMs: range.fromMs - BASELINE_MS };
  const requests = await readSeries(readMetrics, wanted, REQUESTS, history);
  const loggedMinutesMs = minutesOf(requests.values());
  const countedMinutesMs = minutesOf(unlogged.byStage.values());
  return inventory.map((item) => {
    const { apiId, apiName, stage } = item;
    const own = unlogged.byStage.get(stageKey(item));
    return {
      item,
      scope: { ...account, apiId, apiName, stage },
      requests: own ?? requests.get(item) ?? NO_DATA,
      throttled: throttled.get(item) ?? NO_DATA,
      isUnlogged: own !== undefined,
      knownMinutesMs: own === undefined ? loggedMinutesMs : countedMinutesMs,
    };
  });
}
