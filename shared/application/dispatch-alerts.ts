import { createDeliverIncident, owesDelivery, type Targets } from '#shared/application/deliver-incident.ts';
import type { AlertEvent, IncidentStore, Now } from '#shared/application/ports.ts';
import { createUpdateIncident, type UpdateIncident } from '#shared/application/update-incident.ts';
import type { EvaluationCompleted, Finding } from '#shared/domain/detection/finding.ts';
import { applyCompleted, applyFinding, type Incident, mergeInto } from '#shared/domain/incidents/incident.ts';
import {
  accountStory,
  groupByStory,
  isDuring,
  isExplainedBy,
  mayJoinAccount,
  storyOf,
} from '#shared/domain/incidents/story.ts';

type Dependencies = {
  readonly incidents: IncidentStore;
  readonly targets: Targets;
  readonly now: Now;
  /** Names this dispatcher in leases. */
  readonly owner: string;
};

/** What one call did. */
export type DispatchReport = { readonly delivered: number };

type Stores = { readonly incidents: IncidentStore; readonly update: UpdateIncident };

/** Stages' incidents that began with the account's become part of it. */
async function mergeExplained(account: Incident, { incidents, update }: Stores): Promise<string[]> {
  const explained = (await incidents.listActive()).filter((incident) => isExplainedBy(account, incident));
  for (const { story } of explained) {
    await update(story.key, (incident) =>
      incident?.status === 'open' ? mergeInto(incident, account) : incident,
    );
  }
  return explained.map(({ story }) => story.key);
}

/**
 * Works the findings of the account's throttle, and those that it explains, into the account's incident in one write.
 *
 * @returns The keys of the stories that they touched, and the findings that the account's incident does not explain
 */
async function applyToAccount(
  candidates: readonly Finding[],
  stores: Stores,
): Promise<{ readonly keys: string[]; readonly rest: readonly Finding[] }> {
  const [first] = candidates;
  if (first === undefined) return { keys: [], rest: [] };
  const account = accountStory(first);
  let rest: Finding[] = [];
  const incident = await stores.update(account.key, (before) => {
    rest = []; // the change is made anew when somebody else was first
    let after = before;
    for (const finding of candidates) {
      const isAccounts = storyOf(finding).kind === 'account';
      if (isAccounts || (after !== null && isDuring(after, finding))) {
        after = applyFinding(after, account, finding);
      } else rest.push(finding);
    }
    return after;
  });
  if (incident === null || rest.length === candidates.length) return { keys: [], rest };
  const merged = incident.status === 'open' ? await mergeExplained(incident, stores) : [];
  return { keys: [account.key, ...merged], rest };
}

/** @returns The key of the findings' own story if it has an incident */
async function applyToOwn(findings: readonly Finding[], { update }: Stores): Promise<string[]> {
  const [first] = findings;
  if (first === undefined) return [];
  const story = storyOf(first);
  const incident = await update(story.key, (before) =>
    findings.reduce((after, finding) => applyFinding(after, story, finding), before),
  );
  return incident === null ? [] : [story.key];
}

/**
 * Findings of one event become visible together, in one write for each story: another dispatcher that looks in between
 * would tell half of it, without the culprit.
 *
 * @returns The keys of the stories that they touched
 */
async function handleFindings(findings: readonly Finding[], stores: Stores): Promise<string[]> {
  const isAccounts = (finding: Finding): boolean => storyOf(finding).kind === 'account';
  // The account's own come first: they decide whether it has an incident that explains others.
  const candidates = [
    ...findings.filter(isAccounts),
    ...findings.filter((finding) => !isAccounts(finding) && mayJoinAccount(finding)),
  ];
  const others = findings.filter((finding) => !candidates.includes(finding));
  const { keys, rest } = await applyToAccount(candidates, stores);
  for (const group of groupByStory([...rest, ...others])) keys.push(...(await applyToOwn(group, stores)));
  return keys;
}

/** Every completed evaluation is also the occasion to tell what is still owed. */
async function handleCompleted(
  completed: EvaluationCompleted,
  { incidents, update }: Stores,
): Promise<string[]> {
  const active = await incidents.listActive();
  for (const { story } of active) {
    await update(story.key, (incident) => (incident === null ? null : applyCompleted(incident, completed)));
  }
  return active.map(({ story }) => story.key);
}

async function handle(event: AlertEvent, stores: Stores): Promise<string[]> {
  if (event.type === 'evaluation.completed') return handleCompleted(event.completed, stores);
  if (event.type === 'findings') return handleFindings(event.findings, stores);
  return [];
}

/**
 * Turns findings into incidents and tells the receivers. Events may come twice, late, out of order and to several
 * dispatchers at once.
 *
 * @returns A use case that throws after everything else was delivered, if a delivery failed
 */
export function createDispatchAlerts({ incidents, targets, now, owner }: Dependencies) {
  const update = createUpdateIncident(incidents, (incident) => owesDelivery(incident, targets));
  const deliver = createDeliverIncident({ update, targets, now, owner });
  const stores = { incidents, update };

  return async (events: readonly AlertEvent[]): Promise<DispatchReport> => {
    const touched = new Set<string>();
    for (const event of events) {
      for (const key of await handle(event, stores)) touched.add(key);
    }
    let delivered = 0;
    const errors: unknown[] = [];
    for (const storyKey of touched) {
      const report = await deliver(storyKey);
      delivered += report.delivered;
      errors.push(...report.errors);
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, `${errors.length} deliveries failed, ${delivered} succeeded`);
    }
    return { delivered };
  };
}
