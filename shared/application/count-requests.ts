import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createAssessServiceCounts } from '#shared/application/assess-service-counts.ts';
import type { Account, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { BASELINE_MS, readStageDemand, stageInMinute } from '#shared/application/read-stage-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import type { SurveyedMinute, SurveySource } from '#shared/domain/headroom/headroom-survey.ts';
import type { QuotaStatus } from '#shared/domain/headroom/quota-history.ts';
import type { CountedStage } from '#shared/domain/headroom/rank-stages.ts';
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

/** Nobody was asked yet. */
export const NOTHING_COUNTED: CountedRequests = { source: 'none', minutes: [], judged: [], stages: [] };

/** The stages are read for the newest minute, whether or not there is trouble in it. */
async function readNewestStages(
  dependencies: Dependencies,
  inventory: readonly InventoryItem[],
  newestMs: number,
): Promise<CountedStage[]> {
  const range = { fromMs: newestMs - BASELINE_MS, toMs: newestMs + MINUTE_MS };
  const stages = await readStageDemand(dependencies, inventory, range);
  return stages.map((stage) => {
    const inMinute = stageInMinute(stage, newestMs);
    return { ...inMinute, usualRps: inMinute.usualRps, othersCounted: 0 };
  });
}

/** By access logs, second by second. */
export const countLogged: CountRequests = async (dependencies, { range, inventory, quota }) => {
  const { minutes, judged } = await createAssessHeadroom(dependencies)(range, inventory, quota);
  const newest = minutes.at(-1);
  if (newest === undefined) return NOTHING_COUNTED;
  return {
    source: 'access-logs',
    minutes: minutes.map((perSecond) => {
      const { minuteMs, requests, demandRps, usedRatio } = perSecond;
      return { minuteMs, requests, demandRps, usedRatio, perSecond };
    }),
    judged,
    stages: await readNewestStages(dependencies, inventory, newest.minuteMs),
  };
};

/** By API Gateway itself, minute by minute. */
export const countByService: CountRequests = async (dependencies, { range, inventory, quota }) => {
  const assess = createAssessServiceCounts(dependencies);
  const { minutes, judged, stages } = await assess(range, inventory, quota);
  const newest = minutes.at(-1);
  if (newest === undefined) return NOTHING_COUNTED;
  return {
    source: 'service-counts',
    minutes: minutes.map(({ minuteMs, requests }) => {
      const demandRps = requests / 60;
      return { minuteMs, requests, demandRps, usedRatio: demandRps / quota.rateRps, perSecond: null };
    }),
    judged,
    stages: stages.map((stage) => {
      const inMinute = stageInMinute(stage, newest.minuteMs);
      return { ...inMinute, usualRps: inMinute.usualRps, othersCounted: stage.othersCounted };
    }),
  };
};
