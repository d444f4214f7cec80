import type { SourceComparison } from '#shared/domain/headroom/sources/compare-sources.ts';
import {
  type HeadroomSurvey,
  newestMinute,
  type SurveyedMinute,
} from '#shared/domain/headroom/survey/headroom-survey.ts';

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

function minuteJson({ minuteMs, requests, demandRps, usedRatio, perSecond }: SurveyedMinute): object {
  if (perSecond === null) return { at: toIso(minuteMs), requests, demandRps, usedRatio, perSecond };
  const { minuteMs: _, requests: __, demandRps: ___, usedRatio: ____, peakAtMs, ...seconds } = perSecond;
  return {
    at: toIso(minuteMs),
    requests,
    demandRps,
    usedRatio,
    perSecond: { ...seconds, peakAt: toIso(peakAtMs) },
  };
}

function sourcesJson({ fromMs, ...sources }: SourceComparison): object {
  return { from: toIso(fromMs), ...sources };
}

/**
 * The document of `gatewatch headroom --json` (docs/headroom-command.md). Times are ISO 8601 in UTC, ratios 0 and up.
 *
 * @param stack - Name and status of the stack that was looked for; the status is `unknown` if nobody may read it
 * @param notes - What could not be read, in words
 */
export function headroomJson(
  survey: HeadroomSurvey,
  stack: { readonly name: string; readonly status: string },
  notes: readonly string[],
): object {
  const { scope, atMs, fromMs, toMs, quota, source, minutes, stages, sources, ...rest } = survey;
  const { rateRps, burst, rateSource, burstSource, readings } = quota;
  const newest = newestMinute(survey);
  return {
    schemaVersion: 1,
    accountId: /^\d{12}$/.test(scope.accountId) ? scope.accountId : null,
    region: scope.region,
    stack,
    at: toIso(atMs),
    from: toIso(fromMs),
    to: toIso(toMs),
    quota: { rateRps, burst, rateSource, burstSource, readings },
    source,
    now: newest === null ? null : minuteJson(newest),
    minutes: minutes.map(minuteJson),
    stages: stages.map(({ limits, ...stage }) => ({
      ...stage,
      limit: limits === undefined ? 'unknown' : limits,
    })),
    sources: sources === null ? null : sourcesJson(sources),
    ...rest,
    notes,
  };
}
