import type { Judgement, Measures } from '#shared/domain/detection/occurrence.ts';

/** What the mean of a minute does not tell, and a judgement that rests on one must not claim. */
const PER_SECOND: ReadonlySet<string> = new Set([
  'peakRps',
  'peakUsedRatio',
  'tokensUsed',
  'refused',
  'predictedThrottles',
  'secondsAtZero',
]);

function without(measures: Measures): Measures {
  return Object.fromEntries(Object.entries(measures).filter(([name]) => !PER_SECOND.has(name)));
}

/**
 * Judgements of a minute whose requests were taken to come evenly, without what only seconds tell, such as the burst
 * bucket. Since they did not come evenly, the minute is at least as bad as that: a breach is one, and what is clean may
 * be one.
 */
export function withoutSeconds(judgements: readonly Judgement[]): Judgement[] {
  return judgements
    .filter(({ kind }) => kind !== 'burst.exhausted')
    .map((judgement) => ({ ...judgement, sums: without(judgement.sums), peaks: without(judgement.peaks) }));
}
