import type { Judgement, Measures } from '#shared/domain/detection/occurrence.ts';

/** What the mean of a minute does not tell, and a judgement that rests on one must not claim. */
const PER_SECOND: ReadonlySet<string> = new Set([
  'peakRps',
  'peakUsedRatio',
  'refused',
  'predictedThrottles',
  'secondsAtZero',
]);

function without(measures: Measures): Measures {
  return Object.fromEntries(Object.entries(measures).filter(([name]) => !PER_SECOND.has(name)));
}

/**
 * A judgement of a minute whose requests were taken to come evenly. Since they did not, the minute is at least as bad as
 * that: a breach is one, and what is clean may be one.
 */
export function withoutSeconds(judgement: Judgement): Judgement {
  return { ...judgement, sums: without(judgement.sums), peaks: without(judgement.peaks) };
}
