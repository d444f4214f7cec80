import { type Evidence, type Finding, isAtLeast, type Link } from '#shared/domain/detection/finding.ts';
import { formatDuration } from '#shared/domain/findings/format.ts';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { byPriority } from '#shared/domain/incidents/leading-finding.ts';
import { listSilentStages, silentTitle } from '#shared/domain/messages/blind-summary.ts';

/** The content of a message about an incident, before it is put into the form of a receiver. Times in epoch ms. */
export type IncidentSummary = {
  readonly announcement: Announcement;
  readonly title: string;
  readonly severity: Incident['severity'];
  /** `us-east-1 · 1234-5678-9012`. */
  readonly place: string;
  readonly openedAtMs: number;
  /**
   * When the trouble ended, `null` while the incident is open or goes on in another one; it closed when that had been
   * so for the hold.
   */
  readonly endedAtMs: number | null;
  /** `41 s`, `7 min`: how long the trouble has lasted, or did. */
  readonly duration: string;
  readonly facts: readonly Evidence[];
  /** What to do first; `null` when nothing is left to do. */
  readonly nextStep: string | null;
  readonly links: readonly Link[];
  readonly dataDelaySeconds: number;
  readonly findingsLeftOut: number;
  /** Since when nothing has judged the trouble, so that nobody knows whether it goes on; `null` while something does. */
  readonly unknownSinceMs: number | null;
  /** Until when nobody is to be disturbed by it; `null` if it is not muted. */
  readonly mutedUntilMs: number | null;
  /** True if the message may have come before: whether it did is not known. */
  readonly isRepeat: boolean;
  /** True for what evaluators judge minute by minute; alarms, and what the alerting says of itself, just happen. */
  readonly isJudged: boolean;
  /** True for a test that somebody made. */
  readonly isDrill: boolean;
};

const FACT_ORDER: readonly string[] = [
  'Now',
  'At worst',
  'Burst bucket',
  'Forecast',
  'Quota changed',
  'Quota',
  'Cause',
  'Caused by',
  'Hurt',
  'Known by',
  'Refused',
  'Concerns',
  'Latency',
  'Timeout',
  'Execution log',
  'Lag',
  'Silent',
  'Was silent',
  'All silent',
  'Counted',
  'Stands still',
  'Stood still',
  'Still runs',
  'Log group',
  'It holds',
  'Cost so far',
];

function rank(label: string): number {
  const index = FACT_ORDER.indexOf(label);
  return index < 0 ? FACT_ORDER.length : index;
}

const JUDGED: ReadonlySet<Incident['story']['kind']> = new Set(['account', 'stage', 'blind']);

/** What costs no more is not told as if it did. */
function inPast({ label, value }: Evidence): Evidence {
  return { label: label === 'Cost so far' ? 'Cost' : label, value };
}

/** One fact a label: where two findings say the same thing, the more important finding says it. */
function factsOf(findings: readonly Finding[]): Evidence[] {
  const byLabel = new Map<string, Evidence>(listSilentStages(findings).map((fact) => [fact.label, fact]));
  for (const { evidence } of findings) {
    for (const fact of evidence) if (!byLabel.has(fact.label)) byLabel.set(fact.label, fact);
  }
  return [...byLabel.values()].sort((a, b) => rank(a.label) - rank(b.label));
}

/** `1234-5678-9012`, as the console prints an account id. */
function formatAccountId(accountId: string): string {
  return accountId.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3');
}

/** The order of the buttons; what is not named here comes last. */
const LINK_ORDER: readonly string[] = ['Dashboard', 'These requests', 'Raise quota', 'Runbook', 'X-Ray'];

function linkRank({ label }: Link): number {
  const index = LINK_ORDER.indexOf(label);
  return index < 0 ? LINK_ORDER.length : index;
}

/** Puts links in the order in which people are shown them. */
export function inLinkOrder(links: readonly Link[]): Link[] {
  return [...links].sort((a, b) => linkRank(a) - linkRank(b));
}

/** One page of a label, and one button to a page: those of the more important finding. */
function linksOf(findings: readonly Finding[]): Link[] {
  const byLabel = new Map<string, Link>();
  const urls = new Set<string>();
  for (const link of findings.flatMap(({ links }) => links)) {
    if (byLabel.has(link.label) || urls.has(link.url)) continue;
    byLabel.set(link.label, link);
    urls.add(link.url);
  }
  return inLinkOrder([...byLabel.values()]);
}

/** One step, not a list to choose from. Where somebody takes the quota of others, that is where to begin. */
function nextStepOf(findings: readonly Finding[]): string | null {
  const culprit = findings.find(({ kind }) => kind === 'noisy-neighbour');
  return (culprit ?? findings[0])?.nextStep ?? null;
}

/**
 * Says what a message about an incident has to say.
 *
 * @param nowMs - The clock, for how long an open incident has been open
 */
export function summarizeIncident(
  incident: Incident,
  announcement: Announcement,
  nowMs: number,
): IncidentSummary {
  const worthTelling = incident.findings.filter(({ severity }) => isAtLeast(severity, 'warning'));
  const findings = [...worthTelling].sort(byPriority);
  const openedAtMs = Date.parse(incident.openedAt);
  const endedAtMs =
    incident.status !== 'closed'
      ? null
      : Math.max(openedAtMs, ...findings.map(({ lastBadAt }) => Date.parse(lastBadAt)));
  return {
    announcement,
    title: silentTitle(findings) ?? findings[0]?.title ?? 'Incident',
    severity: incident.severity,
    place: `${incident.scope.region} · ${formatAccountId(incident.scope.accountId)}`,
    openedAtMs,
    endedAtMs,
    duration: formatDuration(Math.max(0, ((endedAtMs ?? nowMs) - openedAtMs) / 1_000)),
    facts: endedAtMs === null ? factsOf(findings) : factsOf(findings).map(inPast),
    // What a mute held back is news when it is over.
    nextStep: announcement === 'closed' && incident.story.kind !== 'mute' ? null : nextStepOf(findings),
    links: announcement === 'closed' ? [] : linksOf(findings),
    dataDelaySeconds: Math.max(0, ...findings.map(({ dataDelaySeconds }) => dataDelaySeconds)),
    findingsLeftOut: incident.leftOutIds.length,
    unknownSinceMs: incident.unknownSince === null ? null : Date.parse(incident.unknownSince),
    mutedUntilMs: null,
    isRepeat: false,
    isJudged: JUDGED.has(incident.story.kind),
    isDrill: findings.some(({ kind }) => kind === 'alerting.drill'),
  };
}
