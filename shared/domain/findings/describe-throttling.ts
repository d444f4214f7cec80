import { CAUSES } from '#shared/domain/causes/causes.ts';
import type { Evidence } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import {
  costEvidence,
  type Describe,
  itemOf,
  measure,
  quotaLinks,
  scopeName,
} from '#shared/domain/findings/description.ts';
import { formatCount, formatDuration, formatRatio, formatRps } from '#shared/domain/findings/format.ts';
import { type InventoryItem, stageName } from '#shared/domain/inventory/stage.ts';

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

/** How it is known whose the 429s are. */
function knownEvidence({ sums, peaks }: Occurrence): Evidence[] {
  const observed = measure(sums, 'observed');
  const inferred = measure(sums, 'inferred');
  const clipped = measure(peaks, 'clippedSeconds');
  const parts: string[] = [];
  if (observed >= 0.5)
    parts.push(`observed: the logs name the account throttle for ${formatCount(observed)} requests`);
  if (inferred >= 0.5)
    parts.push(
      `inferred: the account was at its quota, no log names another limit for ${formatCount(inferred)}`,
    );
  if (clipped > 0)
    parts.push(
      `inferred: demand flat at the quota for ${formatDuration(clipped)} of a minute, refusals are probably not logged`,
    );
  return parts.length === 0 ? [] : [{ label: 'Known by', value: parts.join(' · ') }];
}

/** Describes `throttling.account`: who is refused, how much, and how that is known. */
export const describeAccountThrottling: Describe = (occurrence, inventory) => ({
  title: 'Account throttle refuses requests',
  value: measure(occurrence.sums, 'refused'),
  expected: 0,
  unit: 'requests',
  evidence: [
    ...hurtEvidence(occurrence, inventory),
    ...knownEvidence(occurrence),
    ...costEvidence(occurrence),
  ],
  links: quotaLinks(occurrence.scope),
  nextStep: CAUSES['throttle.account'].nextStep,
});

/** Of 429s that no log explains and that the account throttle does not: which limits are left. */
function inferredEvidence(item: InventoryItem | undefined): Evidence {
  const limits = item?.limits ?? null;
  // Above its own limit, a stage is refused whether or not the account throttle has room.
  const why =
    limits === null
      ? 'the account throttle had room'
      : `the account throttle had room, or the stage was at its own limit of ${formatRps(limits.rateRps)} rps`;
  // HTTP APIs have no usage plans.
  const which = item?.apiType === 'HTTP' ? 'a route or the stage' : 'a usage plan, a method or the stage';
  return { label: 'Known by', value: `inferred: ${why}, so it is a limit of ${which}` };
}

/**
 * How to learn which limit it was. HTTP APIs have no execution logs.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html}
 */
function nextStepOf(item: InventoryItem | undefined): string {
  if (item?.apiType === 'HTTP')
    return 'Compare the throttle settings of the stage and its routes with its rate.';
  const level = item?.executionLogLevel ?? 'OFF';
  if (level === 'OFF') return 'Turn on execution logs at level ERROR: they name the limit.';
  return 'Compare usage plans, method and stage limits with its rate; the execution log may name the limit later.';
}

/** Describes `throttling.stage`: 429s of the stage's or a method's limit, named or inferred. */
export const describeStageThrottling: Describe = (occurrence, inventory) => {
  const isNamed = occurrence.cause === 'throttle.method';
  const item = itemOf(occurrence.scope, inventory);
  return {
    title: `${scopeName(occurrence.scope, inventory)} refuses requests with 429`,
    value: measure(occurrence.sums, 'refused'),
    expected: 0,
    unit: 'requests',
    evidence: [...(isNamed ? [] : [inferredEvidence(item)]), ...costEvidence(occurrence)],
    links: [],
    nextStep: isNamed ? CAUSES['throttle.method'].nextStep : nextStepOf(item),
  };
};

/** Describes `throttling.client`: a usage plan does what it is there for; the account and the others are not concerned. */
export const describeClientThrottling: Describe = ({ scope, sums, cause }, inventory) => {
  const refused = measure(sums, 'refused');
  const ratio = refused / Math.max(1, measure(sums, 'requests'));
  const parts = [
    measure(sums, 'byRate') >= 0.5 ? `rate of a usage plan ${formatCount(measure(sums, 'byRate'))}` : [],
    measure(sums, 'byQuota') >= 0.5 ? `quota of a usage plan ${formatCount(measure(sums, 'byQuota'))}` : [],
  ].flat();
  const known = cause === 'throttle.quota' ? 'throttle.quota' : 'throttle.usage-plan';
  return {
    title: `${scopeName(scope, inventory)}: clients are above their usage plan`,
    value: refused,
    expected: 0,
    unit: 'requests',
    evidence: [
      {
        label: 'Refused',
        value: [`${formatCount(refused)} requests, ${formatRatio(ratio)} of the stage’s`, ...parts].join(
          ' · ',
        ),
      },
      {
        label: 'Concerns',
        value: 'clients of the usage plan only; the account throttle and other APIs are not touched',
      },
    ],
    links: [],
    nextStep: CAUSES[known].nextStep,
  };
};
