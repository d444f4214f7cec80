import type { HoldBack } from '#shared/application/hold-back.ts';
import type { Account, AlertEvent, IncidentStore } from '#shared/application/ports.ts';
import type { UpdateIncident } from '#shared/application/update-incident.ts';
import type { EvaluationCompleted, Finding } from '#shared/domain/detection/finding.ts';
import { changeDelivery } from '#shared/domain/incidents/delivery.ts';
import { endOrphans } from '#shared/domain/incidents/end-orphans.ts';
import { applyCompleted, applyFinding, type Incident, mergeInto } from '#shared/domain/incidents/incident.ts';
import {
  accountStory,
  groupByStory,
  isDuring,
  isExplainedBy,
  mayJoinAccount,
  storyOf,
} from '#shared/domain/incidents/story.ts';
import { noticeSilence } from '#shared/domain/incidents/unknown-since.ts';

/** Where incidents are, and how they are changed. */
type Stores = {
  readonly incidents: IncidentStore;
  readonly update: UpdateIncident;
  /** The names of all that are told. */
  readonly receivers: readonly string[];
  readonly nowMs: () => number;
};

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
    return after && noticeSilence(after, stores.nowMs());
  });
  if (incident === null || rest.length === candidates.length) return { keys: [], rest };
  const merged = incident.status === 'open' ? await mergeExplained(incident, stores) : [];
  return { keys: [account.key, ...merged], rest };
}

/** @returns The key of the findings' own story if it has an incident */
async function applyToOwn(findings: readonly Finding[], { update, nowMs }: Stores): Promise<string[]> {
  const [first] = findings;
  if (first === undefined) return [];
  const story = storyOf(first);
  const incident = await update(story.key, (before) => {
    const after = findings.reduce((so, finding) => applyFinding(so, story, finding), before);
    return after && noticeSilence(after, nowMs());
  });
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

/**
 * Goes through all incidents that are open or owe something, once a minute or so: closes what an evaluator no longer
 * holds or nobody is left to end, and notices where nothing looks any more.
 *
 * @param completed - The evaluation that is the occasion, `null` for the clock
 */
async function review(
  completed: EvaluationCompleted | null,
  { incidents, update, receivers, nowMs }: Stores,
): Promise<string[]> {
  const look = (incident: Incident): Incident => {
    const after =
      completed === null ? endOrphans(incident, receivers, nowMs()) : applyCompleted(incident, completed);
    return noticeSilence(after, nowMs());
  };
  const active = await incidents.listActive();
  for (const incident of active) {
    if (look(incident) === incident) continue;
    await update(incident.story.key, (newest) => newest && look(newest));
  }
  return active.map(({ story }) => story.key);
}

/** Somebody wants a message tried again that a receiver refused. */
async function redrive(
  { storyKey, incidentId, receiver }: Extract<AlertEvent, { type: 'delivery.redriven' }>,
  { update }: Stores,
): Promise<string[]> {
  await update(storyKey, (newest) => {
    if (newest?.id !== incidentId || !newest.deliveries[receiver]?.refusal) return newest;
    return changeDelivery(newest, receiver, (delivery) => ({ ...delivery, refusal: null }));
  });
  return [storyKey];
}

/**
 * Works one event into the incidents. It may come twice, late, out of order and to several dispatchers at once.
 *
 * @returns The keys of the stories to look at
 */
export function applyEvent(event: AlertEvent, stores: Stores): Promise<string[]> {
  switch (event.type) {
    case 'findings':
      return handleFindings(event.findings, stores);
    case 'evaluation.completed':
      return review(event.completed, stores);
    case 'delivery.redriven':
      return redrive(event, stores);
    case 'sweep':
      return review(null, stores);
  }
}

/**
 * Makes an incident of each mute that is over, of what it held back.
 *
 * @returns The keys of their stories
 */
export async function applyEndedMutes(
  account: Account,
  holdBack: HoldBack,
  stores: Stores,
): Promise<string[]> {
  const { findings, markTold } = await holdBack.takeEnded(account);
  const keys: string[] = [];
  for (const finding of findings) keys.push(...(await applyToOwn([finding], stores)));
  await markTold();
  return keys;
}
