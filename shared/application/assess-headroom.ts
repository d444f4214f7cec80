import type { Account, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { addUnlogged, readAccountSeconds } from '#shared/application/read-account-seconds.ts';
import { readCulpritSeconds } from '#shared/application/read-culprit-seconds.ts';
import {
  BASELINE_MS,
  readStageDemand,
  type StageHistory,
  stageInMinute,
} from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { readThrottledStages } from '#shared/application/read-throttled-stages.ts';
import { readUnloggedDemand, type UnloggedDemand } from '#shared/application/read-unlogged-demand.ts';
import { mergeMinutes } from '#shared/application/run-evaluation.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import { evaluateUnder } from '#shared/domain/headroom/evaluate-under.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/headroom-minute.ts';
import { judgeHeadroom, STAGE_HEADROOM_KINDS } from '#shared/domain/headroom/judge-headroom.ts';
import { judgeQuotaChange } from '#shared/domain/headroom/judge-quota-change.ts';
import type { AccountSeconds, MinuteHeadroom } from '#shared/domain/headroom/minute-headroom.ts';
import { type QuotaStatus, quotaAt } from '#shared/domain/headroom/quota-history.ts';
import { isShort, isTroubled, MIN_REFUSED } from '#shared/domain/headroom/quota-use.ts';
import { type SplitThrottling, splitThrottling } from '#shared/domain/headroom/split-throttling.ts';
import { NO_THROTTLE } from '#shared/domain/headroom/throttle-layers.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** The bucket refills within burst ÷ rate, half a second by default; two minutes forget any start. */
const BUCKET_WARM_UP_MS = 2 * MINUTE_MS;

type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  /** API Gateway's own counts, for the stages without a readable access log; absent where there are none, as in replay. */
  readonly readServiceCounts?: ReadServiceCounts;
};

/** What a range of minutes looked like, and what is to be said of it. */
export type HeadroomAssessment = {
  readonly minutes: readonly MinuteHeadroom[];
  readonly judged: readonly JudgedMinute[];
};

/** Assesses the whole minutes of a range. */
export type AssessHeadroom = (
  range: TimeRange,
  inventory: readonly InventoryItem[],
  quota: QuotaStatus,
) => Promise<HeadroomAssessment>;

/** The stages in the minutes with trouble; no stage is read without. */
type Trouble = SplitThrottling & {
  readonly stages: readonly StageHistory[];
  /** Starts of the minutes, epoch milliseconds. */
  readonly minutesMs: ReadonlySet<number>;
};

async function readTrouble(
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

/** A change is news in minutes without requests too. */
function judgeChanges(quota: QuotaStatus, { fromMs, toMs }: TimeRange, account: Account): JudgedMinute[] {
  const minutes: JudgedMinute[] = [];
  for (let minuteMs = fromMs; minuteMs < toMs; minuteMs += MINUTE_MS) {
    minutes.push({ minuteMs, judgements: [judgeQuotaChange(quota, minuteMs, account)] });
  }
  return minutes;
}

/**
 * Compares what was asked of all APIs with the throttle that they share. Two series of the account are enough while all is
 * well; the stages are read for the minutes with trouble only.
 */
export function createAssessHeadroom(dependencies: Dependencies): AssessHeadroom {
  const { account, readMetrics, readServiceCounts } = dependencies;
  return async (range, inventory, quota) => {
    const seconds = { ...range, fromMs: range.fromMs - BUCKET_WARM_UP_MS };
    const history = { ...seconds, fromMs: seconds.fromMs - BASELINE_MS };
    const [logged, unlogged] = await Promise.all([
      readAccountSeconds(readMetrics, seconds),
      readUnloggedDemand(readServiceCounts, inventory, history),
    ]);
    const demand = await addUnlogged(logged, unlogged, inventory, readServiceCounts);
    const trouble = await readTrouble(dependencies, inventory, demand, unlogged, quota);
    const minutes = evaluateUnder(quota, trouble.account).filter(({ minuteMs }) => minuteMs >= range.fromMs);
    const withStages = minutes.map((minute): HeadroomMinute => {
      const layers = trouble.layers.get(minute.minuteMs);
      const stages = trouble.minutesMs.has(minute.minuteMs) ? trouble.stages : [];
      return {
        account: minute,
        stages: stages.map((stage) =>
          stageInMinute(stage, minute.minuteMs, layers?.get(stageKey(stage.item)) ?? NO_THROTTLE),
        ),
        quota: quotaAt(quota, minute.minuteMs),
        accountScope: account,
      };
    });
    const judged = (await readCulpritSeconds(readMetrics, withStages)).map((minute) => ({
      minuteMs: minute.account.minuteMs,
      judgements: judgeHeadroom(minute),
      ...(!trouble.minutesMs.has(minute.account.minuteMs) && { cleanElsewhere: STAGE_HEADROOM_KINDS }),
    }));
    return { minutes, judged: mergeMinutes([judged, judgeChanges(quota, range, account)]) };
  };
}
