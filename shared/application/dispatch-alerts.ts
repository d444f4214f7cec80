import type { AlertEvent, DeliverIncident, IncidentStore, Now } from '#shared/application/ports.ts';
import type { EvaluationCompleted, Finding } from '#shared/domain/detection/finding.ts';
import { nextAnnouncement } from '#shared/domain/incidents/announcement.ts';
import { applyCompleted, applyFinding, type Incident, mergeInto } from '#shared/domain/incidents/incident.ts';
import { accountStory, JOIN_WINDOW_MS, mayJoinAccount, type Story, storyOf } from '#shared/domain/incidents/story.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';

type Dependencies = {
  readonly incidents: IncidentStore;
  /** Receivers by name. Each gets the newest state, independent of the others. */
  readonly targets: Readonly<Record<string, DeliverIncident>>;
  readonly now: Now;
  /** Names this dispatcher in leases. */
  readonly owner: string;
};

/** What one call did. */
export type DispatchReport = { readonly delivered: number };

/** Concurrent dispatchers get in each other's way only briefly. */
const MAX_ATTEMPTS = 8;

/** Longer than a delivery with its retries takes. */
const LEASE_MS = 30_000;

type Deliveries = { readonly delivered: number; readonly errors: readonly unknown[] };

type Change = (incident: Incident | null) => Incident | null;

/** True if a stage's finding began while, or just before or after, the account's incident was open. */
function isDuring(account: Incident, finding: Finding): boolean {
  const startedMs = Date.parse(finding.startedAt);
  const endMs = account.closedAt === null ? Number.POSITIVE_INFINITY : Date.parse(account.closedAt);
  return startedMs >= Date.parse(account.openedAt) - JOIN_WINDOW_MS && startedMs <= endMs + JOIN_WINDOW_MS;
}

/** True if a stage's open incident is what the account's incident explains. */
function isExplainedBy(account: Incident, incident: Incident): boolean {
  const gapMs = Math.abs(Date.parse(account.openedAt) - Date.parse(incident.openedAt));
  return incident.story.kind === 'stage' && gapMs <= JOIN_WINDOW_MS && incident.findings.every(mayJoinAccount);
}

/**
 * Turns findings into incidents and tells the receivers. Events may come twice, late, out of order and to several
 * dispatchers at once.
 *
 * @returns A use case that throws after everything else was delivered, if a delivery failed
 */
export function createDispatchAlerts({ incidents, targets, now, owner }: Dependencies) {
  async function update(storyKey: string, change: Change): Promise<Incident | null> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const before = await incidents.read(storyKey);
      const after = change(before);
      if (after === null || after === before) return before;
      const revision = (before?.revision ?? 0) + 1;
      const next = { ...after, revision, isActive: after.status === 'open' || needsDelivery(after) };
      if (await incidents.write(next, before?.revision ?? null)) return next;
    }
    throw new Error(`Could not update an incident in ${MAX_ATTEMPTS} attempts: other dispatchers were always first`);
  }

  async function storyFor(finding: Finding): Promise<Story> {
    const own = storyOf(finding);
    if (own.kind === 'account' || !mayJoinAccount(finding)) return own;
    const account = accountStory(finding);
    const incident = await incidents.read(account.key);
    return incident !== null && isDuring(incident, finding) ? account : own;
  }

  async function mergeExplained(account: Incident): Promise<string[]> {
    const active = await incidents.listActive();
    const explained = active.filter((incident) => incident.status === 'open' && isExplainedBy(account, incident));
    for (const { story } of explained) {
      await update(story.key, (incident) => (incident?.status === 'open' ? mergeInto(incident, account) : incident));
    }
    return explained.map(({ story }) => story.key);
  }

  async function handleFinding(finding: Finding): Promise<string[]> {
    const story = await storyFor(finding);
    const incident = await update(story.key, (before) => applyFinding(before, story, finding));
    if (incident === null) return [];
    const merged = story.kind === 'account' && incident.status === 'open' ? await mergeExplained(incident) : [];
    return [story.key, ...merged];
  }

  async function handleCompleted(completed: EvaluationCompleted): Promise<string[]> {
    const active = await incidents.listActive();
    for (const { story } of active) {
      await update(story.key, (incident) => (incident === null ? null : applyCompleted(incident, completed)));
    }
    return active.map(({ story }) => story.key);
  }

  function needsDelivery(incident: Incident): boolean {
    return Object.keys(targets).some((target) => nextAnnouncement(incident, target) !== null);
  }

  /** Only one dispatcher at a time tells about an incident; one that dies gives way when its lease ends. */
  function takeLease(incident: Incident | null): Incident | null {
    const nowMs = now().getTime();
    if (incident === null || !needsDelivery(incident)) return incident;
    if (incident.lease !== null && incident.lease.owner !== owner && incident.lease.untilMs > nowMs) return incident;
    return { ...incident, lease: { owner, untilMs: nowMs + LEASE_MS } };
  }

  async function tell(target: string, deliver: DeliverIncident, incident: Incident): Promise<boolean> {
    const announcement = nextAnnouncement(incident, target);
    if (announcement === null) return false;
    const sentAtMs = now().getTime();
    await deliver(summarizeIncident(incident, announcement, sentAtMs), incident);
    const { version, status, severity } = incident;
    const delivery = { version, announced: { status, severity }, sentAtMs };
    await update(incident.story.key, (newest) =>
      newest === null || newest.id !== incident.id
        ? newest
        : { ...newest, deliveries: { ...newest.deliveries, [target]: delivery } },
    );
    return true;
  }

  function releaseLease(incident: Incident | null): Incident | null {
    return incident?.lease?.owner === owner ? { ...incident, lease: null } : incident;
  }

  /** Goes on until nothing is owed: what changed during a delivery, the one that delivers has to tell as well. */
  async function deliverAll(storyKey: string): Promise<Deliveries> {
    let delivered = 0;
    for (let round = 1; round <= MAX_ATTEMPTS; round += 1) {
      const incident = await update(storyKey, takeLease);
      if (incident === null || incident.lease?.owner !== owner) break;
      const results = await Promise.allSettled(
        Object.entries(targets).map(([target, deliver]) => tell(target, deliver, incident)),
      );
      delivered += results.filter((result) => result.status === 'fulfilled' && result.value).length;
      await update(storyKey, releaseLease);
      const errors = results.filter((result) => result.status === 'rejected').map((result) => result.reason);
      if (errors.length > 0) return { delivered, errors };
    }
    return { delivered, errors: [] };
  }

  return async (events: readonly AlertEvent[]): Promise<DispatchReport> => {
    const touched = new Set<string>();
    for (const event of events) {
      const keys =
        event.type === 'finding' ? await handleFinding(event.finding) : await handleCompleted(event.completed);
      for (const key of keys) touched.add(key);
    }
    let delivered = 0;
    const errors: unknown[] = [];
    for (const storyKey of touched) {
      const result = await deliverAll(storyKey);
      delivered += result.delivered;
      errors.push(...result.errors);
    }
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} deliveries failed, ${delivered} succeeded`);
    return { delivered };
  };
}
