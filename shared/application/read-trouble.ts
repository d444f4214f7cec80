import type { Account, ReadMetrics } from '#shared/application/ports.ts';
import { readStageDemand, type StageHistory } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { readThrottledStages } from '#shared/application/read-throttled-stages.ts';
import type { UnloggedDemand } from '#shared/application/read-unlogged-demand.ts';
import { evaluateUnder } from '#shared/domain/headroom/demand/evaluate-under.ts';
import type { AccountSeconds } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { isShort, isTroubled, MIN_REFUSED } from '#shared/domain/headroom/demand/quota-use.ts';
import type { QuotaStatus } from '#shared/domain/headroom/quota/quota-history.ts';
import {
  type SplitThrottling,
  splitThrottling,
} from '#shared/domain/headroom/throttling/split-throttling.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

type Dependencies = { readonly account: Account; readonly readMetrics: ReadMetrics };

/** The stages in the minutes with trouble; no stage is read without. */
export type Trouble = SplitThrottling & {
  readonly stages: readonly StageHistory[];
  /** Starts of the minutes, epoch milliseconds. */
  readonly minutesMs: ReadonlySet<number>;
};

/** Reads the stages of the minutes with trouble, and tells the layers of their 429s. */
export async function readTrouble(
  { account, readMetrics }: Dependencies,
  inventory: readonly InventoryItem[],
  seconds: AccountSeconds,
  unlogged: UnloggedDemand,
  quota: QuotaStatus,
): Promise<Trouble> {
  // Taken by all requests, before it is known which were refused earlier: that errs towards reading the stages.
  const troubled = evaluateUnder(quota, seconds).filter(isTroubled);
  const minutesMs = troubled.map(({ minuteMs }) => minuteMs);
  const [firstMs, lastMs] = [minutesMs[0], minutesMs.at(-1)];
  if (firstMs === undefined || lastMs === undefined)
    return { account: seconds, layers: new Map(), stages: [], minutesMs: new Set() };
  const range = { fromMs: firstMs, toMs: lastMs + MINUTE_MS };
  const stages = await readStageDemand({ account, readMetrics }, inventory, range, {
    unlogged,
    hasThrottles: troubled.some(({ throttled }) => throttled >= MIN_REFUSED),
    isShort: troubled.some(isShort),
  });
  const minutes = await readThrottledStages(readMetrics, stages, minutesMs, range);
  return { ...splitThrottling(seconds, quota, minutes), stages, minutesMs: new Set(minutesMs) };
}
