import type { Account, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import { readAccountSeconds } from '#shared/application/read-account-seconds.ts';
import { readEarlierDemand } from '#shared/application/read-earlier-demand.ts';
import { BASELINE_MS, readStageDemand, stageInMinute } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import { TREND_MINUTES } from '#shared/domain/headroom/demand-trend.ts';
import { type EarlierDemand, NO_EARLIER_DEMAND } from '#shared/domain/headroom/earlier-days.ts';
import { forecastFrom } from '#shared/domain/headroom/forecast-quota.ts';
import { judgeHeadroom } from '#shared/domain/headroom/judge-headroom.ts';
import { evaluateMinutes, type MinuteHeadroom } from '#shared/domain/headroom/minute-headroom.ts';
import {
  createTrendAt,
  NO_OUTLOOK,
  OUTLOOK_MINUTES,
  type Outlook,
  outlookAt,
  type TrendAt,
} from '#shared/domain/headroom/outlook.ts';
import type { Quota } from '#shared/domain/headroom/quota.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** The forecasts of a range look back at so many minutes; any start of the bucket is forgotten sooner. */
const HISTORY_MS = (TREND_MINUTES + OUTLOOK_MINUTES - 2) * MINUTE_MS;

type Dependencies = { readonly account: Account; readonly readMetrics: ReadMetrics };

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
  quota: Quota,
) => Promise<HeadroomAssessment>;

/**
 * What forecasts are compared with. It is read only if the trend of one of the minutes says something by itself, which
 * is rare.
 */
async function readForForecasts(
  readMetrics: ReadMetrics,
  range: TimeRange,
  trendAt: TrendAt,
  quota: Quota,
): Promise<EarlierDemand> {
  const fromMs = range.fromMs - (OUTLOOK_MINUTES - 1) * MINUTE_MS;
  for (let minuteMs = fromMs; minuteMs < range.toMs; minuteMs += MINUTE_MS) {
    const trend = trendAt(minuteMs);
    if (trend !== null && forecastFrom(trend, quota.rateRps, NO_EARLIER_DEMAND) !== null) {
      return readEarlierDemand(readMetrics, { ...range, fromMs });
    }
  }
  return NO_EARLIER_DEMAND;
}

/** Compares what was asked of all APIs with the throttle that they share. */
export function createAssessHeadroom(dependencies: Dependencies): AssessHeadroom {
  const { account, readMetrics } = dependencies;
  return async (range, inventory, quota) => {
    const [seconds, stages] = await Promise.all([
      readAccountSeconds(readMetrics, { ...range, fromMs: range.fromMs - HISTORY_MS }),
      readStageDemand(dependencies, inventory, { ...range, fromMs: range.fromMs - BASELINE_MS }),
    ]);
    const known = evaluateMinutes(seconds, quota);
    const trendAt = createTrendAt(known);
    const earlier = await readForForecasts(readMetrics, range, trendAt, quota);
    const outlook = (minuteMs: number): Outlook => outlookAt(minuteMs, trendAt, quota.rateRps, earlier);
    const minutes = known.filter(({ minuteMs }) => minuteMs >= range.fromMs);
    const judged = minutes.map((minute) => ({
      minuteMs: minute.minuteMs,
      judgements: judgeHeadroom({
        account: minute,
        stages: stages.map((stage) => stageInMinute(stage, minute.minuteMs)),
        quota,
        accountScope: account,
        outlook: outlook(minute.minuteMs),
      }),
    }));
    const newest = minutes.at(-1);
    return { minutes, judged, outlook: newest === undefined ? NO_OUTLOOK : outlook(newest.minuteMs) };
  };
}
