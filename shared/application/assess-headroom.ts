import type { Account, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { addUnlogged, readAccountSeconds } from '#shared/application/read-account-seconds.ts';
import { readCulpritSeconds } from '#shared/application/read-culprit-seconds.ts';
import { readOutlook } from '#shared/application/read-outlook.ts';
import { BASELINE_MS, stageInMinute } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { readTrouble, type Trouble } from '#shared/application/read-trouble.ts';
import { readUnloggedDemand } from '#shared/application/read-unlogged-demand.ts';
import { mergeMinutes, SECONDS_KEPT_MS } from '#shared/application/run-evaluation.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import { evaluateUnder } from '#shared/domain/headroom/demand/evaluate-under.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { TREND_MINUTES } from '#shared/domain/headroom/forecast/demand-trend.ts';
import { NO_OUTLOOK, OUTLOOK_MINUTES, type Outlook } from '#shared/domain/headroom/forecast/outlook.ts';
import type { StageMinuteDemand } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { judgeHeadroom, STAGE_HEADROOM_KINDS } from '#shared/domain/headroom/judging/judge-headroom.ts';
import { judgeQuotaChange } from '#shared/domain/headroom/judging/judge-quota-change.ts';
import { type QuotaStatus, quotaAt } from '#shared/domain/headroom/quota/quota-history.ts';
import { NO_THROTTLE } from '#shared/domain/headroom/throttling/throttle-layers.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** The forecasts of a range look back at so many minutes; any start of the bucket is forgotten sooner. */
const HISTORY_MS = (TREND_MINUTES + OUTLOOK_MINUTES - 2) * MINUTE_MS;

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
  /** After the newest of the minutes. */
  readonly outlook: Outlook;
};

/** Assesses the whole minutes of a range. */
export type AssessHeadroom = (
  range: TimeRange,
  inventory: readonly InventoryItem[],
  quota: QuotaStatus,
) => Promise<HeadroomAssessment>;

/** A range with the minutes before that its forecasts look back at, as far as there are seconds of them. */
function withHistory({ fromMs, toMs }: TimeRange): TimeRange {
  return { fromMs: Math.max(fromMs - HISTORY_MS, Math.min(fromMs, toMs - SECONDS_KEPT_MS)), toMs };
}

/** All stages in a minute with trouble, none in another. */
function stagesIn({ minutesMs, stages, layers }: Trouble, minuteMs: number): StageMinuteDemand[] {
  if (!minutesMs.has(minuteMs)) return [];
  const known = layers.get(minuteMs);
  return stages.map((stage) =>
    stageInMinute(stage, minuteMs, known?.get(stageKey(stage.item)) ?? NO_THROTTLE),
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

/**
 * Compares what was asked of all APIs with the throttle that they share. Two series of the account are enough while all is
 * well; the stages are read for the minutes with trouble only.
 */
export function createAssessHeadroom(dependencies: Dependencies): AssessHeadroom {
  const { account, readMetrics, readServiceCounts } = dependencies;
  return async (range, inventory, quota) => {
    const seconds = withHistory(range);
    const history = { ...seconds, fromMs: seconds.fromMs - BASELINE_MS };
    const [logged, unlogged] = await Promise.all([
      readAccountSeconds(readMetrics, seconds),
      readUnloggedDemand(readServiceCounts, inventory, history),
    ]);
    const demand = await addUnlogged(logged, unlogged, inventory, readServiceCounts);
    const trouble = await readTrouble(dependencies, inventory, demand, unlogged, quota);
    const known = evaluateUnder(quota, trouble.account);
    const outlook = await readOutlook(readMetrics, range, known, quota);
    const minutes = known.filter(({ minuteMs }) => minuteMs >= range.fromMs);
    const withStages = minutes.map((minute) => ({
      account: minute,
      stages: stagesIn(trouble, minute.minuteMs),
      quota: quotaAt(quota, minute.minuteMs),
      accountScope: account,
      outlook: outlook(minute.minuteMs),
    }));
    const judged = (await readCulpritSeconds(readMetrics, withStages)).map((minute) => ({
      minuteMs: minute.account.minuteMs,
      judgements: judgeHeadroom(minute),
      ...(!trouble.minutesMs.has(minute.account.minuteMs) && { cleanElsewhere: STAGE_HEADROOM_KINDS }),
    }));
    return {
      minutes,
      judged: mergeMinutes([judged, judgeChanges(quota, range, account)]),
      outlook: withStages.at(-1)?.outlook ?? NO_OUTLOOK,
    };
  };
}
