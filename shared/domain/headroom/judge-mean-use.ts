import type { Scope } from '#shared/domain/detection/finding.ts';
import type { Judgement, Measures } from '#shared/domain/detection/occurrence.ts';
import type { StageMinuteDemand } from '#shared/domain/headroom/headroom-minute.ts';
import { findCulpritOf, judgeNeighbours } from '#shared/domain/headroom/judge-neighbours.ts';
import { judgeQuotaUse } from '#shared/domain/headroom/judge-quota-use.ts';
import type { Quota } from '#shared/domain/headroom/quota.ts';

/** A minute of which only the sum of its requests is known. */
export type MinuteSum = { readonly minuteMs: number; readonly requests: number };

type MeanMinute = MinuteSum & {
  readonly stages: readonly StageMinuteDemand[];
  readonly quota: Quota;
  readonly accountScope: Scope;
};

/** What a sum does not tell, and a judgement must not claim. */
const PER_SECOND: ReadonlySet<string> = new Set([
  'peakRps',
  'peakUsedRatio',
  'refused',
  'predictedThrottles',
  'secondsAtZero',
]);

function withoutSeconds(measures: Measures): Measures {
  return Object.fromEntries(Object.entries(measures).filter(([name]) => !PER_SECOND.has(name)));
}

/**
 * Judges a minute by its mean, as if its requests had come evenly. Since they did not, it is at least as bad as that:
 * what breaches is a breach, and what does not may be one.
 */
export function judgeMeanUse({ minuteMs, requests, stages, quota, accountScope }: MeanMinute): Judgement[] {
  const meanRps = requests / 60;
  const usedRatio = meanRps / quota.rateRps;
  const account = {
    minuteMs,
    requests,
    throttled: 0,
    demandRps: meanRps,
    usedRatio,
    peakRps: meanRps,
    peakUsedRatio: usedRatio,
    peakAtMs: minuteMs,
    tokensLeft: quota.burst,
    predictedThrottles: 0,
    secondsAtZero: 0,
    burstIsExact: false,
  };
  const minute = { account, stages, quota, accountScope };
  return [...judgeQuotaUse(minute), ...judgeNeighbours(minute, findCulpritOf(minute))].map((judgement) => ({
    ...judgement,
    sums: withoutSeconds(judgement.sums),
    peaks: withoutSeconds(judgement.peaks),
  }));
}
