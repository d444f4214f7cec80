import type { Scope } from '#shared/domain/detection/finding.ts';
import type { Measures } from '#shared/domain/detection/occurrence.ts';
import { type Describe, itemOf, measure, scopeName } from '#shared/domain/findings/description.ts';
import { formatCount, formatRatio, formatRps } from '#shared/domain/findings/format.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

function limitOf(scope: Scope, inventory: readonly InventoryItem[]): string {
  const item = itemOf(scope, inventory);
  if (item?.limits === undefined) return 'limit not known';
  return item.limits === null ? 'no stage limit' : `stage limit ${formatRps(item.limits.rateRps)} rps`;
}

/** A stage that was nearly idle grew by any factor; beyond a hundred the number says nothing more. */
function formatFactor(factor: number): string {
  return factor > 100 ? 'over 100 ×' : `${formatRps(factor)} ×`;
}

function shareText(latest: Measures): string[] {
  if (latest['nowShare'] === undefined) return [];
  const usual =
    latest['usualShare'] === undefined ? '' : `, usually ${formatRatio(measure(latest, 'usualShare'))}`;
  return [`${formatRatio(measure(latest, 'nowShare'))} of the account${usual}`];
}

/** What to do first: the limit that would have protected the others, if there is one. */
function nextStepOf(name: string, latest: Measures): string {
  const limitRps = measure(latest, 'limitRps');
  if (limitRps > 0) {
    const limit = `Limit ${name} to ${formatRps(limitRps)} rps, burst ${formatCount(measure(latest, 'limitBurst'))}`;
    // Of what is refused already and not logged, nobody knows how much it is.
    const about = measure(latest, 'isClipped') > 0 ? '≥ ' : measure(latest, 'isUnlogged') > 0 ? 'about ' : '';
    const refused = `${about}${formatRps(measure(latest, 'limitRefusedRps'))} rps`;
    return `${limit}: would have refused ${refused} of its own, frees the others · or raise quota L-8A5B8E43.`;
  }
  return measure(latest, 'hasNoLimit') > 0
    ? `Raise quota L-8A5B8E43: no limit of ${name} both keeps its usual traffic and protects the others.`
    : `Limit ${name} at its stage, so that it cannot starve the others · or raise quota L-8A5B8E43.`;
}

/** Describes `noisy-neighbour`: who takes the quota, against what it usually takes, and the limit that would have helped. */
export const describeNoisyNeighbour: Describe = ({ scope, latest }, inventory) => {
  const name = scopeName(scope, inventory);
  const nowRps = measure(latest, 'nowRps');
  const usualRps = measure(latest, 'usualRps');
  const factor = usualRps > 0 ? ` (${formatFactor(nowRps / usualRps)})` : '';
  const parts = [
    `${name} ${measure(latest, 'isClipped') > 0 ? '≥ ' : ''}${formatRps(nowRps)} rps, usually ${formatRps(usualRps)}${factor}`,
    ...shareText(latest),
    limitOf(scope, inventory),
    measure(latest, 'isUnlogged') > 0 ? ['no access log: counted by API Gateway, per minute'] : [],
  ];
  return {
    title: `${name} takes the shared quota`,
    value: nowRps,
    expected: usualRps,
    unit: 'rps',
    evidence: [{ label: 'Caused by', value: parts.flat().join(' · ') }],
    links: [],
    nextStep: nextStepOf(name, latest),
  };
};
