import type { Account, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import { readAccountSeconds } from '#shared/application/read-account-seconds.ts';
import { BASELINE_MS, readStageDemand, stageInMinute } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { mergeMinutes } from '#shared/application/run-evaluation.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import { judgeHeadroom } from '#shared/domain/headroom/judge-headroom.ts';
import { judgeQuotaChange } from '#shared/domain/headroom/judge-quota-change.ts';
import {
  type AccountSeconds,
  evaluateMinutes,
  type MinuteHeadroom,
} from '#shared/domain/headroom/minute-headroom.ts';
import { type QuotaStatus, quotaAt, quotaPeriods } from '#shared/domain/headroom/quota-history.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** The bucket refills within burst ÷ rate, half a second by default; two minutes forget any start. */
const BUCKET_WARM_UP_MS = 2 * MINUTE_MS;

type Dependencies = { readonly account: Account; readonly readMetrics: ReadMetrics };

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

/** Each minute under the quota of its time. */
function evaluateUnder(quota: QuotaStatus, seconds: AccountSeconds, { fromMs, toMs }: TimeRange) {
  return quotaPeriods(quota)
    .filter((period) => period.fromMs < toMs && period.toMs > fromMs)
    .flatMap((period) =>
      evaluateMinutes(seconds, period.quota).filter(
        ({ minuteMs }) =>
          minuteMs >= Math.max(fromMs, period.fromMs) && minuteMs < Math.min(toMs, period.toMs),
      ),
    );
}

/** A change is news in minutes without requests too. */
function judgeChanges(quota: QuotaStatus, { fromMs, toMs }: TimeRange, account: Account): JudgedMinute[] {
  const minutes: JudgedMinute[] = [];
  for (let minuteMs = fromMs; minuteMs < toMs; minuteMs += MINUTE_MS) {
    minutes.push({ minuteMs, judgements: [judgeQuotaChange(quota, minuteMs, account)] });
  }
  return minutes;
}

/** Compares what was asked of all APIs with the throttle that they share. */
export function createAssessHeadroom(dependencies: Dependencies): AssessHeadroom {
  const { account, readMetrics } = dependencies;
  return async (range, inventory, quota) => {
    const [seconds, stages] = await Promise.all([
      readAccountSeconds(readMetrics, { ...range, fromMs: range.fromMs - BUCKET_WARM_UP_MS }),
      readStageDemand(dependencies, inventory, { ...range, fromMs: range.fromMs - BASELINE_MS }),
    ]);
    const minutes = evaluateUnder(quota, seconds, range);
    const judged = minutes.map((minute) => ({
      minuteMs: minute.minuteMs,
      judgements: judgeHeadroom({
        account: minute,
        stages: stages.map((stage) => stageInMinute(stage, minute.minuteMs)),
        quota: quotaAt(quota, minute.minuteMs),
        accountScope: account,
      }),
    }));
    return { minutes, judged: mergeMinutes([judged, judgeChanges(quota, range, account)]) };
  };
}
