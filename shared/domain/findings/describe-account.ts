import type { Evidence } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { quotaEvidence } from '#shared/domain/findings/describe-quota.ts';
import {
  costEvidence,
  type Describe,
  measure,
  quotaLink,
  whenLabel,
} from '#shared/domain/findings/description.ts';
import { formatDuration, formatRatio, formatRps } from '#shared/domain/findings/format.ts';

function rateEvidence(occurrence: Occurrence): Evidence {
  const { latest, sums, peaks, status } = occurrence;
  const secondsAtZero = measure(sums, 'secondsAtZero');
  const minute = status === 'open' ? latest : peaks;
  // Where the refusals are missing from the logs, so is a part of the demand.
  const bound = measure(minute, 'clippedSeconds') > 0 ? '≥ ' : '';
  const unloggedRps = status === 'open' ? measure(latest, 'unloggedRps') : 0;
  const parts = [
    `${bound}${formatRps(measure(minute, 'demandRps'))} rps of ${formatRps(measure(latest, 'quotaRps'))} (${formatRatio(measure(minute, 'usedRatio'))})`,
    `peak second ${formatRps(measure(peaks, 'peakRps'))} rps (${formatRatio(measure(peaks, 'peakUsedRatio'))})`,
  ];
  if (unloggedRps > 0) parts.push(`${formatRps(unloggedRps)} rps of it without logs, a mean`);
  if (secondsAtZero > 0) parts.push(`burst bucket empty for ${formatDuration(secondsAtZero)}`);
  return { label: whenLabel(occurrence), value: parts.join(' · ') };
}

/** Describes `headroom.low` and `headroom.exhausted`, which differ in their words only. */
export function describeAccount(title: string, nextStep: string): Describe {
  return (occurrence, inventory) => ({
    title,
    value: measure(occurrence.peaks, 'demandRps'),
    expected: measure(occurrence.latest, 'quotaRps'),
    unit: 'rps',
    evidence: [
      rateEvidence(occurrence),
      ...quotaEvidence(occurrence, inventory),
      ...costEvidence(occurrence),
    ],
    links: [quotaLink(occurrence.scope)],
    nextStep,
  });
}
