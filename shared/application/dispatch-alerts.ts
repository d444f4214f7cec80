import { createDeliverIncident, owesDelivery, type Targets } from '#shared/application/deliver-incident.ts';
import type { AlertEvent, IncidentStore, Now } from '#shared/application/ports.ts';
import { createUpdateIncident, type UpdateIncident } from '#shared/application/update-incident.ts';
import type { EvaluationCompleted, Finding } from '#shared/domain/detection/finding.ts';
import { applyCompleted, applyFinding, type Incident, mergeInto } from '#shared/domain/incidents/incident.ts';
import {
  accountStory,
  isDuring,
  isExplainedBy,
  mayJoinAccount,
  type Story,
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

async function storyFor(finding: Finding, { incidents }: Stores): Promise<Story> {
  const own = storyOf(finding);
  if (own.kind === 'account' || !mayJoinAccount(finding)) return own;
  const account = accountStory(finding);
  const incident = await incidents.read(account.key);
  return incident !== null && isDuring(incident, finding) ? account : own;
}

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

/** @returns The keys of the stories that the finding touched */
async function handleFinding(finding: Finding, stores: Stores): Promise<string[]> {
  const story = await storyFor(finding, stores);
  const incident = await stores.update(story.key, (before) => applyFinding(before, story, finding));
  if (incident === null) return [];
  const isOpenAccount = story.kind === 'account' && incident.status === 'open';
  return [story.key, ...(isOpenAccount ? await mergeExplained(incident, stores) : [])];
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
  const keys: string[] = [];
  for (const finding of event.findings) keys.push(...(await handleFinding(finding, stores)));
  return keys;
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
