import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import type { Account, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { BASELINE_MS, readStageDemand, stageInMinute } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { readUnloggedDemand, type UnloggedDemand } from '#shared/application/read-unlogged-demand.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { NO_OUTLOOK, type Outlook } from '#shared/domain/headroom/forecast/outlook.ts';
import { withoutSeconds } from '#shared/domain/headroom/judging/without-seconds.ts';
import type { QuotaStatus } from '#shared/domain/headroom/quota/quota-history.ts';
import type { SurveyedMinute, SurveySource } from '#shared/domain/headroom/survey/headroom-survey.ts';
import { type CountedStage, countOthers } from '#shared/domain/headroom/survey/rank-stages.ts';
import { NO_THROTTLE } from '#shared/domain/headroom/throttling/throttle-layers.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Whom to ask. */
type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  readonly readServiceCounts: ReadServiceCounts;
};

/** What to count. */
type Question = {
  readonly range: TimeRange;
  readonly inventory: readonly InventoryItem[];
  readonly quota: QuotaStatus;
};

/** What was counted in a range, by whomever, and what is to be said of it. */
export type CountedRequests = {
  readonly source: SurveySource;
  readonly minutes: readonly SurveyedMinute[];
  readonly judged: readonly JudgedMinute[];
  /** In the newest minute. */
  readonly stages: readonly CountedStage[];
  /** After it. */
  readonly outlook: Outlook;
};

/** Counts the requests of a range in one way. */
export type CountRequests = (dependencies: Dependencies, question: Question) => Promise<CountedRequests>;

/** Nobody was asked yet, or nobody knows of a request. */
export const NOTHING_COUNTED: CountedRequests = {
  source: 'none',
  minutes: [],
  judged: [],
  stages: [],
  outlook: NO_OUTLOOK,
};

/** The stages are read for the newest minute, whether or not there is trouble in it. */
async function readStages(
  dependencies: Dependencies,
  inventory: readonly InventoryItem[],
  unlogged: UnloggedDemand,
  minuteMs: number,
): Promise<CountedStage[]> {
  const minute = { fromMs: minuteMs, toMs: minuteMs + MINUTE_MS };
  const needs = { unlogged, hasThrottles: true, isShort: true };
  const stages = await readStageDemand(dependencies, inventory, minute, needs);
  return countOthers(
    stages.map((stage) => stageInMinute(stage, minuteMs, NO_THROTTLE)),
    inventory,
  );
}

/** What is unlogged up to the end of a range, as long before it as its newest minute needs to tell what is usual. */
function readUnlogged(
  readServiceCounts: ReadServiceCounts,
  inventory: readonly InventoryItem[],
  { fromMs, toMs }: TimeRange,
): Promise<UnloggedDemand> {
  return readUnloggedDemand(readServiceCounts, inventory, { fromMs: fromMs - BASELINE_MS, toMs });
}

function surveyMinute(minute: MinuteHeadroom, hasSeconds: boolean): SurveyedMinute {
  const { minuteMs, requests, unloggedRps, demandRps, usedRatio } = minute;
  return {
    minuteMs,
    requests: requests + Math.round(unloggedRps * 60),
    demandRps,
    usedRatio,
    perSecond: hasSeconds ? minute : null,
  };
}

/** By access logs, second by second; of stages without one, by API Gateway. */
export const countLogged: CountRequests = async (dependencies, { range, inventory, quota }) => {
  const { minutes, judged, outlook } = await createAssessHeadroom(dependencies)(range, inventory, quota);
  const newest = minutes.at(-1);
  if (newest === undefined || minutes.every(({ requests }) => requests === 0)) return NOTHING_COUNTED;
  const unlogged = await readUnlogged(dependencies.readServiceCounts, inventory, range);
  return {
    source: 'access-logs',
    minutes: minutes.map((minute) => surveyMinute(minute, true)),
    judged,
    stages: await readStages(dependencies, inventory, unlogged, newest.minuteMs),
    outlook,
  };
};

/** Notes the newest minute that API Gateway has counted: those after it are estimates. */
function watchNewest(readServiceCounts: ReadServiceCounts) {
  let newestMs = Number.NEGATIVE_INFINITY;
  return {
    newestMs: () => newestMs,
    readServiceCounts: async (...[metrics, range]: Parameters<ReadServiceCounts>) => {
      const counts = await readServiceCounts(metrics, range);
      for (const series of counts)
        for (const minuteMs of series.keys()) newestMs = Math.max(newestMs, minuteMs);
      return counts;
    },
  };
}

/** By API Gateway itself, minute by minute, as if no stage had an access log. */
export const countByService: CountRequests = async (dependencies, { range, inventory, quota }) => {
  const watched = watchNewest(dependencies.readServiceCounts);
  const asIfUnlogged = inventory.map((item) => ({ ...item, logGroup: null }));
  const unlogged = await readUnlogged(watched.readServiceCounts, asIfUnlogged, range);
  const counted = { ...range, toMs: watched.newestMs() + MINUTE_MS };
  if (counted.toMs <= counted.fromMs) return NOTHING_COUNTED;
  const assess = createAssessHeadroom(dependencies);
  const { minutes, judged, outlook } = await assess(counted, asIfUnlogged, quota);
  const newest = minutes.at(-1);
  if (newest === undefined) return NOTHING_COUNTED;
  return {
    source: 'service-counts',
    minutes: minutes.map((minute) => surveyMinute(minute, false)),
    judged: judged.map((minute) => ({ ...minute, judgements: withoutSeconds(minute.judgements) })),
    stages: await readStages(dependencies, asIfUnlogged, unlogged, newest.minuteMs),
    outlook,
  };
};
