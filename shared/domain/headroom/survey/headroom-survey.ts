import type { Finding, Scope } from '#shared/domain/detection/finding.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import type { DemandTrend } from '#shared/domain/headroom/forecast/demand-trend.ts';
import type { QuotaForecast } from '#shared/domain/headroom/forecast/forecast-quota.ts';
import type { QuotaInForce } from '#shared/domain/headroom/quota/quota-in-force.ts';
import type { SourceComparison } from '#shared/domain/headroom/sources/compare-sources.ts';
import type { InventoryItem, StageId } from '#shared/domain/inventory/stage.ts';

/**
 * Who counted the requests: Gatewatch from access logs, second by second; API Gateway itself, minute by minute; or
 * nobody, since there were none or their metrics have not come.
 */
export type SurveySource = 'access-logs' | 'service-counts' | 'none';

/** The account in one minute. */
export type SurveyedMinute = Pick<MinuteHeadroom, 'minuteMs' | 'requests' | 'demandRps' | 'usedRatio'> & {
  /** What the seconds of the minute tell; `null` where only minutes were counted. */
  readonly perSecond: MinuteHeadroom | null;
};

/** What one stage takes of the account in the newest minute. */
export type SurveyedStage = StageId & {
  readonly apiName: string;
  readonly nowRps: number;
  /** Median of the stage's own last hour; `null` where too little of it is known. */
  readonly usualRps: number | null;
  /** Its part of the requests of all stages in the newest minute, 0..1. */
  readonly share: number;
  /** Its usual part, 0..1; `null` where that is not known, or all stages usually have none. */
  readonly usualShare: number | null;
  /** The stage's own throttle; `null` for none, absent where nobody has looked. */
  readonly limits?: InventoryItem['limits'];
  /** 429s that API Gateway made; `null` where only requests are known. */
  readonly throttled: number | null;
  /** How many other stages are counted in it, which CloudWatch cannot tell apart. */
  readonly othersCounted: number;
};

/** How old the newest minute may be to be called now. */
const STALE_MINUTES = 5;

/** The newest minute with requests, if it is new enough to tell of now. */
export function newestMinute({ minutes, toMs }: HeadroomSurvey): SurveyedMinute | null {
  const newest = minutes.at(-1);
  return newest === undefined || newest.minuteMs + (STALE_MINUTES + 1) * 60_000 < toMs ? null : newest;
}

/** How close an account is to the throttle that its APIs share, over the newest minutes. Times in epoch milliseconds. */
export type HeadroomSurvey = {
  readonly scope: Scope;
  /** When it was made. */
  readonly atMs: number;
  /** The minutes that were looked at, which are over. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly quota: QuotaInForce;
  readonly source: SurveySource;
  /** Ascending; a minute without any request is absent. */
  readonly minutes: readonly SurveyedMinute[];
  /** How the demand grows up to the newest minute, and how far that is uncertain; `null` where too few minutes tell. */
  readonly trend: Pick<DemandTrend, 'slopeRpsPerMinute' | 'slopeMarginRps'> | null;
  /** When the quota will be reached; `null` where nothing useful can be said. */
  readonly forecast: QuotaForecast | null;
  /** Stages with requests in the newest minute, the busiest first. */
  readonly stages: readonly SurveyedStage[];
  /** How many stages there are. */
  readonly stagesKnown: number;
  /** Access logs against API Gateway's own counts; `null` where there are not both. */
  readonly sources: SourceComparison | null;
  /** Of the evaluators of the deployed pipeline; those that hold at the end, the worst first. */
  readonly findings: readonly Finding[];
};
