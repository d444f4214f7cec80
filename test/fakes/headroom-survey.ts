import type { QuotaInForce } from '#shared/domain/headroom/quota/quota-in-force.ts';
import type {
  HeadroomSurvey,
  SurveyedMinute,
  SurveyedStage,
} from '#shared/domain/headroom/survey/headroom-survey.ts';

const MINUTE_MS = 60_000;

/** When surveys of the tests look: 14:05:00, at data up to 14:04. */
export const SURVEY_AT_MS = Date.UTC(2026, 2, 2, 14, 5);
const TO_MS = SURVEY_AT_MS - MINUTE_MS;
const FROM_MS = TO_MS - 30 * MINUTE_MS;

const BOTH = { rateRps: 10_000, burst: 5_000 };

const QUOTA: QuotaInForce = {
  ...BOTH,
  rateSource: 'get-account',
  burstSource: 'get-account',
  readings: { getAccount: BOTH, serviceQuotas: BOTH },
};

/** Half an hour of minutes up to 14:04, whose rates climb evenly; peaks are 1.6 times the mean. */
export function climbingMinutes(fromRps: number, toRps: number, quotaRps = QUOTA.rateRps): SurveyedMinute[] {
  return Array.from({ length: 30 }, (_, index) => {
    const demandRps = fromRps + ((toRps - fromRps) * index) / 29;
    const minuteMs = FROM_MS + index * MINUTE_MS;
    const requests = demandRps * 60;
    const usedRatio = demandRps / quotaRps;
    const perSecond = {
      minuteMs,
      requests,
      throttled: 0,
      refusedEarlier: 0,
      unloggedRps: 0,
      demandRps,
      admittedRps: demandRps,
      usedRatio,
      peakRps: demandRps * 1.6,
      peakUsedRatio: usedRatio * 1.6,
      peakAtMs: minuteMs + 22_000,
      tokensLeft: 5_000 - index,
      predictedThrottles: 0,
      maxMissedThrottles: 0,
      secondsAtZero: 0,
      burstIsExact: true,
      clippedSeconds: 0,
    };
    return { minuteMs, requests, demandRps, usedRatio, perSecond };
  });
}

/** The same minutes as API Gateway counts them. */
export function withoutSeconds(minutes: readonly SurveyedMinute[]): SurveyedMinute[] {
  return minutes.map((minute) => ({ ...minute, perSecond: null }));
}

/** A busy stage called `{apiId}-api/prod` without a limit, with the given differences. */
export function surveyedStage(apiId: string, differences: Partial<SurveyedStage> = {}): SurveyedStage {
  return {
    apiId,
    apiName: `${apiId}-api`,
    stage: 'prod',
    nowRps: 100,
    usualRps: 100,
    share: 0.1,
    usualShare: 0.1,
    limits: null,
    throttled: 0,
    othersCounted: 0,
    ...differences,
  };
}

/** An account that is half full and gets fuller, with the given differences. */
export function createHeadroomSurvey(differences: Partial<HeadroomSurvey> = {}): HeadroomSurvey {
  return {
    scope: { accountId: '123456789012', region: 'us-east-1' },
    atMs: SURVEY_AT_MS,
    fromMs: FROM_MS,
    toMs: TO_MS,
    quota: QUOTA,
    source: 'access-logs',
    minutes: climbingMinutes(3_000, 4_812),
    trend: { slopeRpsPerMinute: 62, slopeMarginRps: 9 },
    forecast: {
      slopeRpsPerMinute: 62,
      minutesToQuota: 84,
      earliestMinutes: 61,
      latestMinutes: 132,
      basis: 'trend',
    },
    stages: [
      surveyedStage('orders', { nowRps: 2_410, share: 0.5, usualShare: 0.31 }),
      surveyedStage('users', {
        nowRps: 1_130,
        share: 0.23,
        usualShare: 0.25,
        limits: { rateRps: 2_000, burst: 1_000 },
      }),
      surveyedStage('payments', { nowRps: 640, share: 0.13, usualShare: 0.2 }),
    ],
    stagesKnown: 4,
    sources: null,
    findings: [],
    ...differences,
  };
}
