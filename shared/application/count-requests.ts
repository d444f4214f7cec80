import { createAssessHeadroom, type HeadroomAssessment } from '#shared/application/assess-headroom.ts';
import type { Account, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { BASELINE_MS, readStageDemand, stageInMinute } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { readUnloggedDemand } from '#shared/application/read-unlogged-demand.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import type { SurveyedMinute, SurveySource } from '#shared/domain/headroom/headroom-survey.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/minute-headroom.ts';
import type { QuotaStatus } from '#shared/domain/headroom/quota-history.ts';
import { type CountedStage, countOthers } from '#shared/domain/headroom/rank-stages.ts';
import { NO_THROTTLE } from '#shared/domain/headroom/throttle-layers.ts';
import { withoutSeconds } from '#shared/domain/headroom/without-seconds.ts';
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
};

/** Counts the requests of a range in one way. */
export type CountRequests = (dependencies: Dependencies, question: Question) => Promise<CountedRequests>;

/** Nobody was asked yet, or nobody knows of a request. */
export const NOTHING_COUNTED: CountedRequests = { source: 'none', minutes: [], judged: [], stages: [] };

/** The stages are read for the newest minute, whether or not there is trouble in it. */
async function readNewestStages(
  dependencies: Dependencies,
  { range, inventory }: Question,
  newestMs: number,
): Promise<CountedStage[]> {
  const newest = { fromMs: newestMs, toMs: newestMs + MINUTE_MS };
  const history = { fromMs: newestMs - BASELINE_MS, toMs: range.toMs };
  const unlogged = await readUnloggedDemand(dependencies.readServiceCounts, inventory, history);
  const needs = { unlogged, hasThrottles: true, isShort: true };
  const stages = await readStageDemand(dependencies, inventory, newest, needs);
  return countOthers(
    stages.map((stage) => stageInMinute(stage, newestMs, NO_THROTTLE)),
    inventory,
  );
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
export const countLogged: CountRequests = async (dependencies, question) => {
  const { range, inventory, quota } = question;
  const { minutes, judged } = await createAssessHeadroom(dependencies)(range, inventory, quota);
  const newest = minutes.at(-1);
  if (newest === undefined || minutes.every(({ requests }) => requests === 0)) return NOTHING_COUNTED;
  return {
    source: 'access-logs',
    minutes: minutes.map((minute) => surveyMinute(minute, true)),
    judged,
    stages: await readNewestStages(dependencies, question, newest.minuteMs),
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

function until({ minutes, judged }: HeadroomAssessment, newestMs: number): HeadroomAssessment {
  const isCounted = ({ minuteMs }: { readonly minuteMs: number }): boolean => minuteMs <= newestMs;
  return { minutes: minutes.filter(isCounted), judged: judged.filter(isCounted) };
}

/** By API Gateway itself, minute by minute, as if no stage had an access log. */
export const countByService: CountRequests = async (dependencies, { inventory, ...question }) => {
  const watched = watchNewest(dependencies.readServiceCounts);
  const asking = { ...dependencies, readServiceCounts: watched.readServiceCounts };
  const unlogged = inventory.map((item) => ({ ...item, logGroup: null }));
  const assessed = await createAssessHeadroom(asking)(question.range, unlogged, question.quota);
  const { minutes, judged } = until(assessed, watched.newestMs());
  const newest = minutes.at(-1);
  if (newest === undefined) return NOTHING_COUNTED;
  return {
    source: 'service-counts',
    minutes: minutes.map((minute) => surveyMinute(minute, false)),
    judged: judged.map((minute) => ({ ...minute, judgements: minute.judgements.map(withoutSeconds) })),
    stages: await readNewestStages(asking, { ...question, inventory: unlogged }, newest.minuteMs),
  };
};
