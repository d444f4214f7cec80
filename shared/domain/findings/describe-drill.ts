import type { Finding, Scope, Severity } from '#shared/domain/detection/finding.ts';

/** A test of the alerting. */
export type Drill = {
  readonly id: string;
  readonly account: Required<Pick<Scope, 'accountId' | 'region'>>;
  readonly severity: Exclude<Severity, 'info'>;
  /** Who makes it, as their machine calls them; `null` if it does not tell. */
  readonly startedBy: string | null;
  readonly startedAtMs: number;
};

/** Describes a drill that has begun, as a finding. Its id is the hash of its identity, like any finding's. */
export function toDrillFinding({
  id,
  account,
  severity,
  startedBy,
  startedAtMs,
}: Drill): Omit<Finding, 'id'> {
  const at = new Date(startedAtMs).toISOString();
  return {
    schemaVersion: 1,
    kind: 'alerting.drill',
    evaluator: 'drill',
    severity,
    status: 'open',
    scope: { ...account, subject: id },
    startedAt: at,
    observedAt: at,
    lastBadAt: at,
    dataDelaySeconds: 0,
    value: 1,
    expected: null,
    unit: 'drills',
    title: 'Drill: no trouble, only a test of the alerting',
    evidence: [
      { label: 'Drill id', value: id },
      { label: 'By', value: startedBy ?? 'somebody' },
    ],
    links: [],
    nextStep: 'Nothing is to be done: the drill closes itself.',
    cause: null,
  };
}

/** The same finding once it is over. What was stated at the same time is taken for known, so this is later. */
export function endDrillFinding<T extends Omit<Finding, 'id'>>(finding: T, nowMs: number): T {
  const endedMs = Math.max(nowMs, Date.parse(finding.observedAt) + 1);
  const at = new Date(endedMs).toISOString();
  return { ...finding, status: 'cleared', observedAt: at, lastBadAt: at };
}
