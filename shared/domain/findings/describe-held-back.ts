import type { Evidence, Finding, Scope } from '#shared/domain/detection/finding.ts';
import { formatAmount, formatClock, formatDuration } from '#shared/domain/findings/format.ts';
import { endOf, type HeldIncident, type Mute, type MuteMatch } from '#shared/domain/incidents/mute.ts';

/** So many titles are read; more are only counted. */
const MAX_TITLES = 5;

/** `API orders-api, stage prod, kind latency`. */
export function describeMatch({ api, stage, kind }: MuteMatch): string {
  return [
    ...(api === undefined ? [] : [`API ${api}`]),
    ...(stage === undefined ? [] : [`stage ${stage}`]),
    ...(kind === undefined ? [] : [`kind ${kind}`]),
  ].join(', ');
}

function isCritical({ severity }: HeldIncident): number {
  return severity === 'critical' ? 0 : 1;
}

/** The worst first. `of` may be more than are listed. */
function titlesOf(incidents: readonly HeldIncident[], of: number): string {
  const sorted = [...incidents].sort((a, b) => isCritical(a) - isCritical(b));
  const titles = sorted.slice(0, MAX_TITLES).map(({ title }) => title);
  const more = of - titles.length;
  return [...titles, ...(more > 0 ? [`and ${more} more`] : [])].join(' · ');
}

function mutedBy({ createdBy, createdAtMs, untilMs, endedAtMs }: Mute): string {
  const end = endedAtMs ?? untilMs;
  const duration = formatDuration((end - createdAtMs) / 1_000);
  return `${createdBy ?? 'somebody'} at ${formatClock(createdAtMs, end)}, for ${duration}`;
}

function evidenceOf(mute: Mute, stillOpen: readonly HeldIncident[]): Evidence[] {
  const { count, incidents } = mute.heldBack;
  return [
    { label: 'Muted', value: describeMatch(mute.match) },
    { label: 'By', value: mutedBy(mute) },
    { label: 'Reason', value: mute.reason },
    { label: 'Held back', value: titlesOf(incidents, count) },
    {
      label: 'Still open',
      value: stillOpen.length === 0 ? 'none' : titlesOf(stillOpen, stillOpen.length),
    },
  ];
}

function nextStepOf(open: number): string {
  if (open === 0) return 'Nothing is left to do, unless one of these was not meant to be muted.';
  return open === 1
    ? 'Look at the one that is still open: it is told now.'
    : 'Look at those that are still open: they are told now.';
}

/**
 * Says what a mute that is over held back, as a finding that has ended already: one message, which asks for nothing to
 * be watched. Its id is the hash of its identity, like any finding's.
 *
 * @param account - The account and Region of the stack
 * @param openIds - Ids of the incidents that are open now
 */
export function toHeldBackFinding(
  mute: Mute,
  account: Pick<Scope, 'accountId' | 'region'>,
  openIds: ReadonlySet<string>,
): Omit<Finding, 'id'> {
  const { count, incidents } = mute.heldBack;
  const stillOpen = incidents.filter(({ id }) => openIds.has(id));
  const endedAt = new Date(endOf(mute)).toISOString();
  return {
    schemaVersion: 1,
    kind: 'alerting.held-back',
    evaluator: 'mutes',
    severity: 'warning',
    status: 'cleared',
    scope: { ...account, subject: mute.id },
    startedAt: new Date(mute.createdAtMs).toISOString(),
    observedAt: endedAt,
    lastBadAt: endedAt,
    dataDelaySeconds: 0,
    value: count,
    expected: null,
    unit: 'incidents',
    title: `Mute of ${describeMatch(mute.match)} is over: it held back ${formatAmount(count, 'incident')}`,
    evidence: evidenceOf(mute, stillOpen),
    links: [],
    nextStep: nextStepOf(stillOpen.length),
    cause: null,
  };
}
