import type { Evidence } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { quotaEvidence } from '#shared/domain/findings/describe-quota.ts';
import {
  costEvidence,
  type Describe,
  measure,
  quotaLinks,
  whenLabel,
} from '#shared/domain/findings/description.ts';
import {
  formatAmount,
  formatCount,
  formatDuration,
  formatRatio,
  formatRps,
} from '#shared/domain/findings/format.ts';

function rateEvidence(occurrence: Occurrence): Evidence {
  const { latest, peaks, status } = occurrence;
  const minute = status === 'open' ? latest : peaks;
  // Where the refusals are missing from the logs, so is a part of the demand.
  const bound = measure(minute, 'clippedSeconds') > 0 ? '≥ ' : '';
  const unloggedRps = status === 'open' ? measure(latest, 'unloggedRps') : 0;
  const parts = [
    `${bound}${formatRps(measure(minute, 'demandRps'))} rps of ${formatRps(measure(latest, 'quotaRps'))} (${formatRatio(measure(minute, 'usedRatio'))})`,
  ];
  // Where only minutes were counted, nobody knows their seconds.
  if (peaks['peakRps'] !== undefined) {
    const ratio = formatRatio(measure(peaks, 'peakUsedRatio'));
    parts.push(`peak second ${formatRps(measure(peaks, 'peakRps'))} rps (${ratio})`);
  }
  if (unloggedRps > 0) parts.push(`${formatRps(unloggedRps)} rps of it without logs, a mean`);
  return { label: whenLabel(occurrence), value: parts.join(' · ') };
}

/** How much of the burst was used. Predicted refusals are a lower bound: requests may have come less evenly. */
function burstEvidence({ latest, sums, peaks }: Occurrence): Evidence[] {
  const label = 'Burst bucket';
  const secondsAtZero = measure(sums, 'secondsAtZero');
  const predicted = Math.round(measure(sums, 'predictedThrottles'));
  if (secondsAtZero > 0) {
    const refused = predicted > 0 ? ` · ≥ ${formatAmount(predicted, 'refusal')} predicted` : '';
    return [{ label, value: `empty for ${formatDuration(secondsAtZero)}${refused}` }];
  }
  // The refusals that would have emptied it are missing from the logs.
  if (measure(peaks, 'clippedSeconds') > 0) return [];
  const tokensUsed = measure(peaks, 'tokensUsed');
  const burst = measure(latest, 'quotaBurst');
  if (tokensUsed <= 0 || burst <= 0) return [];
  return [{ label, value: `never below ${formatCount(burst - tokensUsed)} of ${formatCount(burst)} tokens` }];
}

/** Describes `headroom.low`, `headroom.exhausted` and `burst.exhausted`, which differ in their words only. */
export function describeAccount(title: string, nextStep: string): Describe {
  return (occurrence, inventory) => ({
    title,
    value: measure(occurrence.peaks, 'demandRps'),
    expected: measure(occurrence.latest, 'quotaRps'),
    unit: 'rps',
    evidence: [
      rateEvidence(occurrence),
      ...burstEvidence(occurrence),
      ...quotaEvidence(occurrence, inventory),
      ...costEvidence(occurrence),
    ],
    links: quotaLinks(occurrence.scope),
    nextStep,
  });
}
