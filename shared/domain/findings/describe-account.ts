import { CAUSES } from '#shared/domain/causes/causes.ts';
import type { Evidence, Scope } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { quotaEvidence } from '#shared/domain/findings/describe-quota.ts';
import {
  costEvidence,
  type Describe,
  measure,
  quotaLink,
  scopeName,
  whenLabel,
} from '#shared/domain/findings/description.ts';
import { formatCount, formatDuration, formatRatio, formatRps } from '#shared/domain/findings/format.ts';
import { type InventoryItem, stageName } from '#shared/domain/inventory/stage.ts';

function rateEvidence(occurrence: Occurrence): Evidence {
  const { latest, sums, peaks, status } = occurrence;
  const secondsAtZero = measure(sums, 'secondsAtZero');
  const minute = status === 'open' ? latest : peaks;
  const parts = [
    `${formatRps(measure(minute, 'demandRps'))} rps of ${formatRps(measure(latest, 'quotaRps'))} (${formatRatio(measure(minute, 'usedRatio'))})`,
    `peak second ${formatRps(measure(peaks, 'peakRps'))} rps (${formatRatio(measure(peaks, 'peakUsedRatio'))})`,
  ];
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

const MAX_HURT = 5;

function hurtEvidence({ sums }: Occurrence, inventory: readonly InventoryItem[]): Evidence[] {
  const hurt = Object.keys(sums)
    .filter((name) => name.startsWith('refused:'))
    .map((name) => ({ key: name.slice('refused:'.length), refused: measure(sums, name) }))
    .filter(({ key }) => measure(sums, `culprit:${key}`) === 0)
    .sort((a, b) => b.refused - a.refused);
  if (hurt.length === 0) return [];
  const named = hurt.slice(0, MAX_HURT).map(({ key, refused }) => {
    const [apiId = '', stage = ''] = key.split('/');
    const ratio = refused / Math.max(1, measure(sums, `requests:${key}`));
    return `${stageName({ apiId, stage }, inventory)} ≥ ${formatCount(refused)} refused (${formatRatio(ratio)})`;
  });
  if (hurt.length > MAX_HURT) named.push(`${hurt.length - MAX_HURT} more`);
  return [{ label: 'Hurt', value: named.join(' · ') }];
}

/** Describes `throttling.account`: who is refused, and how much. */
export const describeAccountThrottling: Describe = (occurrence, inventory) => ({
  title: 'Account throttle refuses requests',
  value: measure(occurrence.sums, 'refused'),
  expected: 0,
  unit: 'requests',
  evidence: [...hurtEvidence(occurrence, inventory), ...costEvidence(occurrence)],
  links: [quotaLink(occurrence.scope)],
  nextStep: CAUSES['throttle.account'].nextStep,
});

function limitOf({ apiId, stage }: Scope, inventory: readonly InventoryItem[]): string {
  const item = inventory.find((known) => known.apiId === apiId && known.stage === stage);
  if (item?.limits === undefined) return 'limit not known';
  return item.limits === null ? 'no stage limit' : `stage limit ${formatRps(item.limits.rateRps)} rps`;
}

/** A stage that was nearly idle grew by any factor; beyond a hundred the number says nothing more. */
function formatFactor(factor: number): string {
  return factor > 100 ? 'over 100 ×' : `${formatRps(factor)} ×`;
}

/** Describes `noisy-neighbour`: who takes the quota, against what it usually takes. */
export const describeNoisyNeighbour: Describe = ({ scope, latest }, inventory) => {
  const name = scopeName(scope, inventory);
  const nowRps = measure(latest, 'nowRps');
  const usualRps = measure(latest, 'usualRps');
  const factor = usualRps > 0 ? ` (${formatFactor(nowRps / usualRps)})` : '';
  return {
    title: `${name} takes the shared quota`,
    value: nowRps,
    expected: usualRps,
    unit: 'rps',
    evidence: [
      {
        label: 'Caused by',
        value: `${name}: ${formatRps(nowRps)} rps, usually ${formatRps(usualRps)}${factor} · ${limitOf(scope, inventory)}`,
      },
    ],
    links: [],
    nextStep: `Limit ${name} at its stage, so that it cannot starve the others, or raise quota L-8A5B8E43.`,
  };
};
