import { createDeliverMessage, type DeliverMessage } from '#shared/application/deliver-message.ts';
import type { IncidentStore, Now, Wait } from '#shared/application/ports.ts';
import { createReceiverLine, type ReceiverLine } from '#shared/application/receiver-line.ts';
import type {
  KeepUndeliverable,
  OutboxState,
  OutboxStore,
  Receiver,
} from '#shared/application/receiver-ports.ts';
import type { UpdateIncident } from '#shared/application/update-incident.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';
import {
  nextStep,
  owesDelivery,
  type ReceiverTraits,
  urgencyOf,
} from '#shared/domain/incidents/next-step.ts';

/** What was done for one receiver. */
export type DeliveryReport = {
  readonly receiver: string;
  readonly sent: number;
  /** Why messages will never be taken, one reason for each of them. */
  readonly refused: readonly string[];
  /** How it stands with the receiver; `null` if another dispatcher is talking to it. */
  readonly state: OutboxState | null;
};

type Dependencies = {
  readonly incidents: IncidentStore;
  readonly outboxes: OutboxStore;
  readonly update: UpdateIncident;
  readonly keepUndeliverable: KeepUndeliverable;
  readonly muteOf: (incident: Incident, nowMs: number) => Mute | null;
  readonly now: Now;
  readonly wait: Wait;
  /** Names this dispatcher in leases. */
  readonly owner: string;
};

/**
 * What a dispatcher needs after its deadline. A call that begins just before it may take 5 s, and 5 s more with a secret
 * that was read anew; 2 s are for what has to be written down then. Looking for a message takes longer at worst, but
 * may be cut off.
 */
export const LAST_CALL_MS = 12_000;

/** A dispatcher is dead when that is over. Its lease lasts longer, by more than clocks differ, and ends by itself. */
const LEASE_GRACE_MS = LAST_CALL_MS + 3_000;
const READS_AT_ONCE = 25;

/** One dispatcher's turn with one receiver. */
type Turn = {
  readonly traits: ReceiverTraits;
  readonly line: ReceiverLine;
  readonly deliver: DeliverMessage;
  /** Stories to come back to, and from when on. */
  readonly later: Map<string, number>;
  readonly refused: string[];
  sent: number;
};

/**
 * Makes one story's steps until nothing is owed. What fails is come back to: a message that its receiver chokes on must
 * not keep the others waiting.
 *
 * @returns False to stop: there is no time, or the receiver wants a pause
 */
async function deliverStory(storyKey: string, turn: Turn): Promise<boolean> {
  for (;;) {
    if (!turn.line.hasTime()) return false;
    const progress = await turn.deliver(storyKey);
    if (progress.type === 'stopped') return false;
    if (progress.type === 'idle') return true;
    if (progress.type === 'later') turn.later.set(storyKey, progress.dueMs);
    else if (progress.type === 'failed') turn.later.set(storyKey, 0);
    else if (progress.type === 'refused') turn.refused.push(progress.reason);
    if (progress.type !== 'moved') return true;
    turn.sent += progress.sent;
  }
}

function rankOf(incident: Incident, traits: ReceiverTraits, nowMs: number): number {
  const step = nextStep(incident, traits, { nowMs, isMuted: false });
  return step === null ? Number.POSITIVE_INFINITY : urgencyOf(step, incident.severity);
}

/** What people wait for first, of that what has waited longest. */
async function inOrder(
  storyKeys: readonly string[],
  { traits }: Turn,
  { incidents, now }: Pick<Dependencies, 'incidents' | 'now'>,
): Promise<string[]> {
  const found: Incident[] = [];
  for (let start = 0; start < storyKeys.length; start += READS_AT_ONCE) {
    const some = storyKeys.slice(start, start + READS_AT_ONCE);
    const read = await Promise.all(some.map((key) => incidents.read(key)));
    found.push(...read.filter((incident) => incident !== null));
  }
  const nowMs = now().getTime();
  const ranks = new Map(found.map((incident) => [incident, rankOf(incident, traits, nowMs)]));
  const rank = (incident: Incident): number => ranks.get(incident) ?? 0;
  return found
    .sort((a, b) => rank(a) - rank(b) || (a.openedAt < b.openedAt ? -1 : 1))
    .map(({ story }) => story.key);
}

/** @returns False if it had to stop before all was told */
async function deliverAll(
  storyKeys: readonly string[],
  turn: Turn,
  dependencies: Dependencies,
): Promise<boolean> {
  let keys = storyKeys;
  while (keys.length > 0) {
    for (const key of await inOrder(keys, turn, dependencies)) {
      if (!(await deliverStory(key, turn))) return false;
    }
    keys = [...turn.later.keys()];
    if (keys.length === 0) return true;
    await turn.line.waitUntil(Math.min(...turn.later.values()));
    turn.later.clear();
  }
  return true;
}

/** Talks to a receiver whose lease this dispatcher has, until nothing is owed or the time is over. */
async function takeTurn(turn: Turn, storyKeys: readonly string[], dependencies: Dependencies): Promise<void> {
  const { incidents, outboxes, owner } = dependencies;
  const { name } = turn.traits;
  const active = (await incidents.listActive()).filter((incident) => owesDelivery(incident, turn.traits));
  let keys = [...storyKeys, ...active.map(({ story }) => story.key)];
  for (;;) {
    const waiting = await outboxes.takeWaiting(name, owner);
    if (waiting === null) return;
    const isOver = !(await deliverAll([...new Set([...waiting, ...keys])], turn, dependencies));
    if (!isOver) turn.line.noteNothingOwed();
    if (await outboxes.leave(name, { owner, state: turn.line.state(), isOver })) return;
    keys = []; // what came to wait since is all that there is
  }
}

/**
 * Tells one receiver what it does not know yet of the stories that were touched, and of all others that owe it
 * something. One dispatcher at a time talks to a receiver; one that comes meanwhile leaves its stories to that one.
 *
 * @returns A delivery that throws only if the stores cannot be reached: what a receiver does not take stays owed
 */
export function createDeliverOwed(dependencies: Dependencies) {
  const { incidents, outboxes, now, wait, owner } = dependencies;
  return async (
    name: string,
    receiver: Receiver,
    { storyKeys, deadlineMs }: { readonly storyKeys: readonly string[]; readonly deadlineMs: number },
  ): Promise<DeliveryReport> => {
    const request = { storyKeys, owner, nowMs: now().getTime(), untilMs: deadlineMs + LEASE_GRACE_MS };
    const before = await outboxes.enter(name, request);
    if (before === null) return { receiver: name, sent: 0, refused: [], state: null };
    const line = createReceiverLine({ receiver, before, now, wait, deadlineMs });
    const { canEdit, minSeverity } = receiver;
    const traits = { name, canEdit, minSeverity };
    const readIncident = incidents.read;
    const turn: Turn = {
      traits,
      line,
      deliver: createDeliverMessage({ ...dependencies, traits, receiver, line, readIncident }),
      later: new Map(),
      refused: [],
      sent: 0,
    };
    await takeTurn(turn, storyKeys, dependencies);
    return { receiver: name, sent: turn.sent, refused: turn.refused, state: line.state() };
  };
}
