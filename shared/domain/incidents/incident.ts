import {
  type EvaluationCompleted,
  type Finding,
  isAtLeast,
  type Scope,
  type Severity,
  worse,
} from '#shared/domain/detection/finding.ts';
import type { Delivery } from '#shared/domain/incidents/delivery.ts';
import { shortId } from '#shared/domain/incidents/short-id.ts';
import type { Story } from '#shared/domain/incidents/story.ts';

/** One story from open to closed: one Slack message. Plain data, stored as it is. Times are ISO 8601. */
export type Incident = {
  readonly schemaVersion: 2;
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
  /** The first characters of the ids of findings beyond {@link MAX_FINDINGS}. */
  readonly leftOutIds: readonly string[];
  /** Rises by one with every change that a reader would see. */
  readonly version: number;
  /** Rises by one with every write, so that a writer notices another one. */
  readonly revision: number;
  /** Open, or, as the writer knows, with a delivery still owed: what a dispatcher has to look at. */
  readonly isActive: boolean;
  /** Since when nothing has judged the open findings (ISO 8601); `null` while something does, and when all is over. */
  readonly unknownSince: string | null;
  /** The mute that kept somebody from being told first; `null` if none did. */
  readonly heldBackBy: string | null;
  /** What each receiver has got, by its name: the outbox. */
  readonly deliveries: Readonly<Record<string, Delivery>>;
};

/** A DynamoDB item holds 400 KB; a finding takes up to 4 KB, most of it links. */
export const MAX_FINDINGS = 50;

/** A story that goes on within this time after its incident closed is the same incident. */
const REOPEN_WINDOW_MS = 60 * 60_000;

function isWorthMessage({ severity }: Finding): boolean {
  return isAtLeast(severity, 'warning');
}

/** Status, severity and times follow from the findings; nothing else decides them. */
function derive(incident: Incident): Incident {
  const worthMessage = incident.findings.filter(isWorthMessage);
  const isOpen = worthMessage.some(({ status }) => status === 'open');
  const [openedAt = incident.openedAt] = [
    incident.openedAt,
    ...worthMessage.map(({ startedAt }) => startedAt),
  ].sort();
  const lastObservedAt = worthMessage
    .map(({ observedAt }) => observedAt)
    .sort()
    .at(-1);
  return {
    ...incident,
    status: isOpen ? 'open' : 'closed',
    openedAt,
    closedAt: isOpen ? null : (lastObservedAt ?? incident.closedAt ?? openedAt),
    mergedInto: null,
    isActive: isOpen,
    unknownSince: isOpen ? incident.unknownSince : null,
    severity: worthMessage.reduce((worst, finding) => worse(worst, finding.severity), incident.severity),
    version: incident.version + 1,
  };
}

function openIncident(story: Story, finding: Finding, version: number): Incident {
  const { accountId, region, apiId, apiName, stage } = finding.scope;
  return derive({
    schemaVersion: 2,
    id: `${story.key}|${finding.startedAt}`,
    story,
    scope:
      story.kind === 'stage'
        ? {
            accountId,
            region,
            ...(apiId && { apiId }),
            ...(apiName && { apiName }),
            ...(stage && { stage }),
          }
        : { accountId, region },
    status: 'open',
    severity: finding.severity,
    openedAt: finding.startedAt,
    closedAt: null,
    mergedInto: null,
    findings: [finding],
    leftOutIds: [],
    version,
    revision: 0,
    isActive: true,
    unknownSince: null,
    heldBackBy: null,
    deliveries: {},
  });
}

/**
 * What is no longer worth a message has ended for those who read it; how bad it was is kept. Only an alarm says in new
 * words how it ended.
 */
function replace(known: Finding, finding: Finding): Finding {
  if (!isWorthMessage(known) || isWorthMessage(finding)) return finding;
  const { startedAt, severity } = known;
  if (finding.kind === 'cloudwatch-alarm') return { ...finding, startedAt, severity, status: 'cleared' };
  return { ...known, status: 'cleared', observedAt: finding.observedAt };
}

/** What goes on is kept before what is over, then what is worse, then what was stated last. */
function isLessWorthKeeping(a: Finding, b: Finding): boolean {
  if (a.status !== b.status) return a.status === 'cleared';
  if (a.severity !== b.severity) return isAtLeast(b.severity, a.severity);
  return a.status === 'cleared' && a.observedAt < b.observedAt;
}

/** Works a finding into a full incident: for what goes on something that is over makes room. */
function squeezeIn(incident: Incident, finding: Finding): Incident {
  if (!isWorthMessage(finding)) return incident;
  const { findings } = incident;
  const least = findings.reduce((a, b) => (isLessWorthKeeping(b, a) ? b : a));
  const isKept = isLessWorthKeeping(least, finding);
  const out = shortId(isKept ? least : finding);
  if (!isKept && incident.leftOutIds.includes(out)) return incident;
  const others = incident.leftOutIds.filter((id) => id !== out && id !== shortId(finding));
  return derive({
    ...incident,
    severity: worse(incident.severity, finding.severity),
    findings: isKept ? findings.with(findings.indexOf(least), finding) : findings,
    leftOutIds: [...others, out],
  });
}

function upsert(incident: Incident, finding: Finding): Incident {
  const index = incident.findings.findIndex(({ id }) => id === finding.id);
  const known = incident.findings[index];
  if (known !== undefined) {
    return derive({ ...incident, findings: incident.findings.with(index, replace(known, finding)) });
  }
  if (incident.findings.length >= MAX_FINDINGS) return squeezeIn(incident, finding);
  return derive({ ...incident, findings: [...incident.findings, finding] });
}

/** A repeated or overtaken statement: this one, or a later one, is already in the incident. */
function isKnown(incident: Incident, finding: Finding): boolean {
  const known = incident.findings.find(({ id }) => id === finding.id);
  return known !== undefined && finding.observedAt <= known.observedAt;
}

/** That the quota is another one brings no trouble back: it is news of its own. */
function isOtherNews({ findings }: Incident, { kind, id, startedAt }: Finding): boolean {
  return kind === 'quota.changed' && !findings.some((one) => one.id === id && one.startedAt === startedAt);
}

function goesOn(incident: Incident, finding: Finding): boolean {
  // A story has one row: a new incident would take the place of one whose end somebody has still to be told.
  if (incident.isActive) return true;
  return (
    incident.status === 'closed' &&
    !isOtherNews(incident, finding) &&
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
    const isIdle = incident.status !== 'open' && !isWorthMessage(finding);
    if (isIdle || isKnown(incident, finding)) return incident;
    if (goesOn(incident, finding)) return upsert(incident, finding);
    if (Date.parse(finding.startedAt) < Date.parse(incident.openedAt)) return incident;
  }
  if (!isWorthMessage(finding)) return incident;
  return openIncident(story, finding, incident?.version ?? 0);
}

/** Ends open findings as of a time (ISO 8601). @returns The same object if nothing is over */
export function endFindings(
  incident: Incident,
  isOver: (finding: Finding) => boolean,
  observedAt: string,
): Incident {
  const ends = (finding: Finding): boolean => finding.status === 'open' && isOver(finding);
  if (incident.status !== 'open' || !incident.findings.some(ends)) return incident;
  return derive({
    ...incident,
    findings: incident.findings.map((finding) =>
      ends(finding) ? { ...finding, status: 'cleared', observedAt } : finding,
    ),
  });
}

/**
 * Ends the findings that their evaluator no longer holds although it judged their time: what a lost `cleared`
 * would have said. An evaluator's silence ends nothing.
 */
export function applyCompleted(incident: Incident, completed: EvaluationCompleted): Incident {
  const held = new Set(completed.openFindingIds);
  const isOver = (finding: Finding): boolean =>
    finding.evaluator === completed.evaluator &&
    finding.observedAt < completed.through &&
    !held.has(finding.id);
  return endFindings(incident, isOver, completed.through);
}

/** Ends an incident whose story turned out to be part of another one. */
export function mergeInto(incident: Incident, target: Incident): Incident {
  return {
    ...incident,
    status: 'merged',
    mergedInto: target.id,
    isActive: false,
    closedAt: target.openedAt,
    unknownSince: null,
    version: incident.version + 1,
  };
}
