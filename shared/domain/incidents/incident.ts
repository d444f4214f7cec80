import {
  type EvaluationCompleted,
  type Finding,
  isAtLeast,
  type Scope,
  type Severity,
  worse,
} from '#shared/domain/detection/finding.ts';
import type { Story } from '#shared/domain/incidents/story.ts';

/** How the newest state got to one receiver. */
export type Delivery = {
  /** The version of the incident that was sent. */
  readonly version: number;
  readonly announced: { readonly status: Incident['status']; readonly severity: Severity };
  readonly sentAtMs: number;
};

/** One story from open to closed: one Slack message. Plain data, stored as it is. Times are ISO 8601. */
export type Incident = {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly story: Story;
  readonly scope: Scope;
  readonly status: 'open' | 'closed' | 'merged';
  /** The worst severity it ever had. */
  readonly severity: Severity;
  readonly openedAt: string;
  /** `null` while it is open. */
  readonly closedAt: string | null;
  /** The incident it went into, if its status is `merged`. */
  readonly mergedInto: string | null;
  readonly findings: readonly Finding[];
  /** Findings beyond {@link MAX_FINDINGS}: counted, not kept. */
  readonly findingsLeftOut: number;
  /** Rises by one with every change that a reader would see. */
  readonly version: number;
  /** Rises by one with every write, so that a writer notices another one. */
  readonly revision: number;
  /** Open, or with a delivery still owed: what a dispatcher has to look at. */
  readonly isActive: boolean;
  /** What each receiver has got, by its name: the outbox. */
  readonly deliveries: Readonly<Record<string, Delivery>>;
  /** Who may deliver now, so that two dispatchers do not send the same; `null` when nobody does. */
  readonly lease: { readonly owner: string; readonly untilMs: number } | null;
};

/** A DynamoDB item holds 400 KB; a finding takes about 2 KB. */
export const MAX_FINDINGS = 50;

/** A story that goes on within this time after its incident closed is the same incident. */
const REOPEN_WINDOW_MS = 60 * 60_000;

function isWorthMessage({ severity }: Finding): boolean {
  return isAtLeast(severity, 'warning');
}

function keepsOpen(finding: Finding): boolean {
  return finding.status === 'open' && isWorthMessage(finding);
}

/** Status, severity and times follow from the findings; nothing else decides them. */
function derive(incident: Incident): Incident {
  const isOpen = incident.findings.some(keepsOpen);
  const lastObservedAt = incident.findings
    .map(({ observedAt }) => observedAt)
    .sort()
    .at(-1);
  const severity = incident.findings
    .filter(isWorthMessage)
    .reduce((worst, finding) => worse(worst, finding.severity), incident.severity);
  return {
    ...incident,
    status: isOpen ? 'open' : 'closed',
    closedAt: isOpen ? null : (incident.closedAt ?? lastObservedAt ?? incident.openedAt),
    severity,
    version: incident.version + 1,
  };
}

function openIncident(story: Story, finding: Finding, version: number): Incident {
  const { accountId, region, apiId, apiName, stage } = finding.scope;
  return derive({
    schemaVersion: 1,
    id: `${story.key}|${finding.startedAt}`,
    story,
    scope:
      story.kind === 'account'
        ? { accountId, region }
        : {
            accountId,
            region,
            ...(apiId && { apiId }),
            ...(apiName && { apiName }),
            ...(stage && { stage }),
          },
    status: 'open',
    severity: finding.severity,
    openedAt: finding.startedAt,
    closedAt: null,
    mergedInto: null,
    findings: [finding],
    findingsLeftOut: 0,
    version,
    revision: 0,
    isActive: true,
    deliveries: {},
    lease: null,
  });
}

function upsert(incident: Incident, finding: Finding): Incident {
  const index = incident.findings.findIndex(({ id }) => id === finding.id);
  if (index >= 0) return derive({ ...incident, findings: incident.findings.with(index, finding) });
  if (incident.findings.length >= MAX_FINDINGS) {
    return { ...incident, findingsLeftOut: incident.findingsLeftOut + 1, version: incident.version + 1 };
  }
  return derive({ ...incident, findings: [...incident.findings, finding] });
}

/** A repeated or overtaken statement: this one, or a later one, is already in the incident. */
function isKnown(incident: Incident, finding: Finding): boolean {
  const known = incident.findings.find(({ id }) => id === finding.id);
  if (known === undefined)
    return finding.status === 'cleared' && finding.observedAt <= (incident.closedAt ?? '');
  return finding.observedAt <= known.observedAt;
}

function goesOn(incident: Incident, finding: Finding): boolean {
  if (incident.status === 'open') return true;
  return (
    incident.status === 'closed' &&
    Date.parse(finding.startedAt) - Date.parse(incident.closedAt ?? incident.openedAt) <= REOPEN_WINDOW_MS
  );
}

/**
 * Works one finding into its story. Findings may come twice, late or out of order: the result is the same.
 *
 * @param incident - The story's newest incident, `null` if it never had one
 * @returns The incident after the finding, the same object when nothing changed, `null` when there is none
 */
export function applyFinding(incident: Incident | null, story: Story, finding: Finding): Incident | null {
  if (incident !== null) {
    if (isKnown(incident, finding)) return incident;
    if (goesOn(incident, finding)) return upsert(incident, finding);
    if (Date.parse(finding.startedAt) < Date.parse(incident.openedAt)) return incident;
  }
  if (!isWorthMessage(finding)) return incident;
  return openIncident(story, finding, incident?.version ?? 0);
}

/**
 * Ends the findings that their evaluator no longer holds although it judged their time: what a lost `cleared`
 * would have said. An evaluator's silence ends nothing.
 */
export function applyCompleted(incident: Incident, completed: EvaluationCompleted): Incident {
  if (incident.status !== 'open') return incident;
  const held = new Set(completed.openFindingIds);
  const isOver = (finding: Finding): boolean =>
    finding.status === 'open' &&
    finding.evaluator === completed.evaluator &&
    finding.observedAt < completed.through &&
    !held.has(finding.id);
  if (!incident.findings.some(isOver)) return incident;
  return derive({
    ...incident,
    findings: incident.findings.map((finding) =>
      isOver(finding) ? { ...finding, status: 'cleared', observedAt: completed.through } : finding,
    ),
  });
}

/** Ends an incident whose story turned out to be part of another one. */
export function mergeInto(incident: Incident, target: Incident): Incident {
  return {
    ...incident,
    status: 'merged',
    mergedInto: target.id,
    closedAt: target.openedAt,
    version: incident.version + 1,
  };
}
