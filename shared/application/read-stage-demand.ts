import type { Account, MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import { MINUTE_MS, readStageMetrics } from '#shared/application/read-stage-metrics.ts';
import { median } from '#shared/domain/detection/statistics.ts';
import type { StageMinuteDemand } from '#shared/domain/headroom/headroom-minute.ts';
import type { InventoryItem, StageId } from '#shared/domain/inventory/stage.ts';

/** A stage's usual rate is the median of an hour, without the newest minutes, which may be the incident. */
const BASELINE_MINUTES = 60;
const BASELINE_GAP_MINUTES = 5;
/** How long before a minute its baseline begins. */
export const BASELINE_MS = (BASELINE_MINUTES + BASELINE_GAP_MINUTES) * MINUTE_MS;

/** What a stage was asked for and refused, minute by minute. */
export type StageHistory = {
  readonly id: StageId;
  readonly scope: StageMinuteDemand['scope'];
  readonly requests: MetricSeries;
  readonly throttled: MetricSeries;
};

function usualRps(requests: MetricSeries, minuteMs: number): number {
  const newestMs = minuteMs - BASELINE_GAP_MINUTES * MINUTE_MS;
  const perMinute: number[] = [];
  for (let minute = newestMs - BASELINE_MINUTES * MINUTE_MS; minute < newestMs; minute += MINUTE_MS) {
    perMinute.push(requests.get(minute) ?? 0);
  }
  return (median(perMinute) ?? 0) / 60;
}

/** A stage in one minute of its history. */
export function stageInMinute(
  { id, scope, requests, throttled }: StageHistory,
  minuteMs: number,
): StageMinuteDemand {
  const count = requests.get(minuteMs) ?? 0;
  return {
    id,
    scope,
    requests: count,
    throttled: throttled.get(minuteMs) ?? 0,
    nowRps: count / 60,
    // Asked for only while the account is in trouble, which is rarely.
    get usualRps() {
      return usualRps(requests, minuteMs);
    },
  };
}

type Dependencies = { readonly account: Account; readonly readMetrics: ReadMetrics };

/**
 * Reads the history of every stage.
 *
 * @param range - From {@link BASELINE_MS} before the first minute that is to be judged
 */
export async function readStageDemand(
  { account, readMetrics }: Dependencies,
  inventory: readonly InventoryItem[],
  range: TimeRange,
): Promise<StageHistory[]> {
  const stages = await readStageMetrics(
    readMetrics,
    inventory,
    [
      { name: 'RequestCount', statistic: 'Sum' },
      { name: 'ThrottledCount', statistic: 'Sum' },
    ],
    range,
  );
  return inventory.map(({ apiId, apiName, stage }, index) => {
    const [requests = new Map(), throttled = new Map()] = stages[index] ?? [];
    return { id: { apiId, stage }, scope: { ...account, apiId, apiName, stage }, requests, throttled };
  });
}
