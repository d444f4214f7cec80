import { CAUSES } from '#shared/domain/causes/causes.ts';
import type { Evidence, FindingKind, Link, Scope } from '#shared/domain/detection/finding.ts';
import type { Measures, Occurrence } from '#shared/domain/detection/occurrence.ts';
import {
  formatCount,
  formatDuration,
  formatMs,
  formatRatio,
  formatRps,
} from '#shared/domain/findings/format.ts';
import { type InventoryItem, stageName } from '#shared/domain/inventory/stage.ts';

/** The words and the main number of a finding. */
export type Description = {
  readonly title: string;
  readonly value: number;
  readonly expected: number | null;
  readonly unit: string;
  readonly evidence: readonly Evidence[];
  readonly links: readonly Link[];
  readonly nextStep: string;
};

type Describe = (occurrence: Occurrence, inventory: readonly InventoryItem[]) => Description;

/** A measure that the judgement of this kind always has; 0 keeps a stored occurrence of an older version readable. */
function measure(measures: Measures, name: string): number {
  const value = measures[name] ?? 0;
  return Number.isFinite(value) ? value : 0;
}

function scopeName(scope: Scope, inventory: readonly InventoryItem[]): string {
  const { apiId, stage } = scope;
  return apiId === undefined || stage === undefined ? 'the account' : stageName({ apiId, stage }, inventory);
}

/** The Service Quotas page of the account throttle's rate, `L-8A5B8E43`. */
function quotaLink({ region }: Scope): Link {
  return {
    label: 'Raise quota',
    url: `https://${region}.console.aws.amazon.com/servicequotas/home/services/apigateway/quotas/L-8A5B8E43`,
  };
}

/** What is over has no "now"; its worst is what is left to say. */
function whenLabel({ status }: Occurrence): string {
  return status === 'open' ? 'Now' : 'At worst';
}

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

/** API Gateway may drop the logs of excessive 429s, so every count of refusals is a lower bound. */
function costEvidence({ sums }: Occurrence): Evidence[] {
  const refused = measure(sums, 'refused');
  if (refused === 0) return [];
  const ratio = refused / Math.max(1, measure(sums, 'requests'));
  return [
    {
      label: 'Cost so far',
      value: `≥ ${formatCount(refused)} requests refused, ${formatRatio(ratio)} of all`,
    },
  ];
}

function describeAccount(title: string, nextStep: string): Describe {
  return (occurrence) => ({
    title,
    value: measure(occurrence.peaks, 'demandRps'),
    expected: measure(occurrence.latest, 'quotaRps'),
    unit: 'rps',
    evidence: [rateEvidence(occurrence), ...costEvidence(occurrence)],
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

const describeAccountThrottling: Describe = (occurrence, inventory) => ({
  title: 'Account throttle refuses requests',
  value: measure(occurrence.sums, 'refused'),
  expected: 0,
  unit: 'requests',
  evidence: [...hurtEvidence(occurrence, inventory), ...costEvidence(occurrence)],
  links: [quotaLink(occurrence.scope)],
  nextStep: CAUSES['throttle.account'].nextStep,
});

const describeStageThrottling: Describe = (occurrence, inventory) => ({
  title: `${scopeName(occurrence.scope, inventory)} refuses requests with 429`,
  value: measure(occurrence.sums, 'refused'),
  expected: 0,
  unit: 'requests',
  evidence: costEvidence(occurrence),
  links: [],
  nextStep: CAUSES['throttle.unknown-level'].nextStep,
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

const describeNoisyNeighbour: Describe = ({ scope, latest }, inventory) => {
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

const describeErrorBudget: Describe = (occurrence, inventory) => {
  const { scope, latest, sums, peaks, cause, status } = occurrence;
  const failed = measure(sums, 'bad');
  const known = CAUSES[cause ?? 'unknown'];
  const worst = formatRatio(measure(peaks, 'recentRatio'));
  const now =
    status === 'open' ? `${formatRatio(measure(latest, 'recentRatio'))} of requests fail, at worst ` : '';
  return {
    title: `${scopeName(scope, inventory)}: ${known.label}`,
    value: measure(latest, 'recentRatio') * 100,
    expected: measure(latest, 'budgetRatio') * 100,
    unit: '%',
    evidence: [
      { label: whenLabel(occurrence), value: `${now}${worst} in 5 minutes` },
      { label: 'Cause', value: `${cause ?? 'unknown'}: ${known.meaning}` },
      {
        label: 'Cost so far',
        value: `${formatCount(failed)} requests failed with 5xx, ${formatRatio(failed / Math.max(1, measure(sums, 'requests')))} of the stage’s`,
      },
    ],
    links: [],
    nextStep: known.nextStep,
  };
};

const describeLatency: Describe = ({ scope, latest, peaks }, inventory) => ({
  title: `${scopeName(scope, inventory)} is slow`,
  value: measure(latest, 'p99Ms'),
  expected: measure(latest, 'usualMs'),
  unit: 'ms',
  evidence: [
    {
      label: 'Latency',
      value: `p99 ${formatMs(measure(peaks, 'p99Ms'))} in the worst minute, usually ${formatMs(measure(latest, 'usualMs'))}`,
    },
  ],
  links: [],
  nextStep:
    'Compare IntegrationLatency with Latency: if both rose, the backend is slow; if not, authorizer or mapping.',
});

const describeTimeoutBudget: Describe = ({ scope, latest, peaks }, inventory) => ({
  title: `${scopeName(scope, inventory)} runs into its integration timeout`,
  value: measure(latest, 'p99Ms'),
  expected: measure(latest, 'timeoutMs'),
  unit: 'ms',
  evidence: [
    {
      label: 'Timeout',
      value: `integration p99 ${formatMs(measure(peaks, 'p99Ms'))} of ${formatMs(measure(latest, 'timeoutMs'))}`,
    },
  ],
  links: [],
  nextStep: CAUSES['integration.timeout'].nextStep,
});

const DESCRIBE: Readonly<Record<FindingKind, Describe>> = {
  'headroom.low': describeAccount(
    'Account close to its throttle',
    'Find what grows; limit it at its stage, or raise quota L-8A5B8E43 before requests are refused.',
  ),
  'headroom.exhausted': describeAccount(
    'Account throttle exhausted',
    'Limit the API that takes the quota, or raise quota L-8A5B8E43.',
  ),
  'throttling.account': describeAccountThrottling,
  'throttling.stage': describeStageThrottling,
  'noisy-neighbour': describeNoisyNeighbour,
  'error-budget': describeErrorBudget,
  latency: describeLatency,
  'timeout-budget': describeTimeoutBudget,
};

/** Puts an occurrence into words. Names come from the inventory; ids stand in where it does not know a stage. */
export function describeFinding(occurrence: Occurrence, inventory: readonly InventoryItem[]): Description {
  return DESCRIBE[occurrence.kind](occurrence, inventory);
}
