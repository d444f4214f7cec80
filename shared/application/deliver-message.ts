import { attemptOf, type DeliveryPlan, planDelivery, toMessage } from '#shared/application/delivery-plan.ts';
import type { Now } from '#shared/application/ports.ts';
import type { ReceiverLine } from '#shared/application/receiver-line.ts';
import type { KeepUndeliverable, Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';
import type { UpdateIncident } from '#shared/application/update-incident.ts';
import {
  type Attempt,
  changeDelivery,
  type Delivery,
  type MessagePlace,
  type Snapshot,
  UNTOLD,
} from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';
import type { ReceiverTraits, Step } from '#shared/domain/incidents/next-step.ts';
import { toldByMessage } from '#shared/domain/incidents/snapshot.ts';

/**
 * What became of a step. `idle`: nothing is owed; `moved`: something was told or learnt, there may be more; `failed`: the
 * receiver did not take it, or nobody knows; `stopped`: no time is left, or the receiver wants a pause; `later`: an
 * earlier attempt may still arrive.
 */
export type Progress =
  | { readonly type: 'idle' | 'failed' | 'stopped' }
  | { readonly type: 'moved'; readonly sent: number }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'later'; readonly dueMs: number };

/** Makes the next step for one receiver and story. */
export type DeliverMessage = (storyKey: string) => Promise<Progress>;

type Dependencies = {
  readonly traits: ReceiverTraits;
  readonly receiver: Receiver;
  readonly line: ReceiverLine;
  readonly update: UpdateIncident;
  readonly readIncident: (storyKey: string) => Promise<Incident | null>;
  readonly keepUndeliverable: KeepUndeliverable;
  readonly muteOf: (incident: Incident, nowMs: number) => Mute | null;
  readonly now: Now;
};

/** What was not answered may still be on its way; nobody looks for it, or sends it again, sooner. */
const SETTLE_MS = 10_000;

const FAILED: Progress = { type: 'failed' };

type Sent = {
  readonly step: Step['step'];
  readonly snapshot: Snapshot;
  readonly sentAtMs: number;
  readonly place: MessagePlace | null;
};

/** What a receiver has got once a message of a state has arrived. */
function afterSending(delivery: Delivery, { step, snapshot, sentAtMs, place }: Sent): Delivery {
  const settled = { ...delivery, sentAtMs, attempt: null, refusal: null };
  if (step === 'edit') return { ...settled, shown: snapshot };
  if (step === 'reply') return { ...settled, told: snapshot };
  if (place === null) return { ...settled, told: snapshot };
  return { ...settled, told: toldByMessage(snapshot), shown: snapshot, place };
}

function record(
  { incident, receiver }: Pick<DeliveryPlan, 'incident' | 'receiver'>,
  change: (delivery: Delivery) => Delivery,
  { update }: Dependencies,
): Promise<Incident | null> {
  const { id, story } = incident;
  return update(story.key, (newest) =>
    newest?.id === id ? changeDelivery(newest, receiver, change) : newest,
  );
}

/** Plans on the newest state, and notes the attempt of what would be seen twice if it were made twice. */
async function begin(
  storyKey: string,
  isRepeat: boolean,
  { traits, update, muteOf, now }: Dependencies,
): Promise<DeliveryPlan | null> {
  let plan: DeliveryPlan | null = null;
  await update(storyKey, (newest) => {
    if (newest === null) return null;
    const nowMs = now().getTime();
    plan = planDelivery(newest, traits, { nowMs, mute: muteOf(newest, nowMs), isRepeat });
    const { attempt: before } = newest.deliveries[traits.name] ?? UNTOLD;
    const attempt = plan === null ? null : attemptOf(plan, nowMs);
    if (attempt === before) return newest;
    return changeDelivery(newest, traits.name, (delivery) => ({ ...delivery, attempt }));
  });
  return plan;
}

/** First the letter, then the note that there is one: a message may be kept twice, and never not at all. */
async function refuse(plan: DeliveryPlan, reason: string, dependencies: Dependencies): Promise<Progress> {
  const { incident, snapshot, receiver } = plan;
  const atMs = dependencies.now().getTime();
  await dependencies.keepUndeliverable({
    schemaVersion: 1,
    type: 'undeliverable',
    receiver,
    storyKey: incident.story.key,
    incidentId: incident.id,
    version: snapshot.version,
    reason,
    refusedAt: new Date(atMs).toISOString(),
  });
  const refusal = { reason, atMs, snapshot };
  await record(plan, (delivery) => ({ ...delivery, attempt: null, refusal }), dependencies);
  return { type: 'refused', reason };
}

async function settle(
  plan: DeliveryPlan,
  outcome: SendOutcome,
  dependencies: Dependencies,
): Promise<Progress> {
  const { line, now } = dependencies;
  const { step, snapshot, delivery: before } = plan;
  switch (outcome.type) {
    case 'sent': {
      line.noteSent();
      const sent = { step: step.step, snapshot, sentAtMs: now().getTime(), place: outcome.place };
      await record(plan, (delivery) => afterSending(delivery, sent), dependencies);
      return { type: 'moved', sent: 1 };
    }
    case 'gone':
      line.noteSent();
      await record(plan, (delivery) => ({ ...delivery, place: null, attempt: null }), dependencies);
      return { type: 'moved', sent: 0 };
    case 'refused':
      return refuse(plan, outcome.reason, dependencies);
    case 'put-off':
      line.noteFailure(outcome);
      // It certainly did not arrive; of an earlier attempt nobody knows.
      if (step.step !== 'edit') {
        await record(plan, (delivery) => ({ ...delivery, attempt: before.attempt }), dependencies);
      }
      return FAILED;
    case 'unknown':
      line.noteFailure({ reason: outcome.reason, retryAfterMs: null });
      return FAILED;
  }
}

/**
 * Clears up what became of an attempt that was not answered.
 *
 * @returns `absent`: it did not arrive; `unseen`: nobody can tell, so the next one is marked as a repeat
 */
async function clarify(
  incident: Incident,
  attempt: Attempt,
  dependencies: Dependencies,
): Promise<Progress | 'absent' | 'unseen'> {
  const { traits, receiver, line, now } = dependencies;
  const { token, step, startedAtMs, snapshot } = attempt;
  const dueMs = startedAtMs + SETTLE_MS;
  if (now().getTime() < dueMs) return { type: 'later', dueMs };
  if (receiver.find === null) return 'unseen';
  if (!(await line.awaitTurn())) return { type: 'stopped' };
  const thread = step === 'reply' ? (incident.deliveries[traits.name]?.place ?? null) : null;
  const outcome = await receiver.find({ token, sinceMs: startedAtMs, thread });
  if (outcome.type === 'not-found') return 'absent';
  if (outcome.type === 'blind') return 'unseen';
  if (outcome.type === 'put-off') {
    line.noteFailure(outcome);
    return FAILED;
  }
  line.noteSent();
  const sent = { step, snapshot, sentAtMs: startedAtMs, place: outcome.place };
  const found = { incident, receiver: traits.name };
  await record(found, (delivery) => afterSending(delivery, sent), dependencies);
  return { type: 'moved', sent: 1 };
}

/**
 * Makes the next step towards one receiver's knowing all of a story's incident. That a sending begins is written down
 * before it does: who finds such a note later knows that the message may have arrived.
 *
 * @returns A step that throws only if the store or the queue of dead letters cannot be reached
 */
export function createDeliverMessage(dependencies: Dependencies): DeliverMessage {
  const { traits, receiver, line, readIncident, muteOf, now } = dependencies;

  const owesNothing = (incident: Incident): boolean => {
    const nowMs = now().getTime();
    return planDelivery(incident, traits, { nowMs, mute: muteOf(incident, nowMs), isRepeat: false }) === null;
  };

  return async (storyKey) => {
    const incident = await readIncident(storyKey);
    if (incident === null) return { type: 'idle' };
    const { attempt } = incident.deliveries[traits.name] ?? UNTOLD;
    if (attempt === null && owesNothing(incident)) return { type: 'idle' };
    const earlier = attempt === null ? 'absent' : await clarify(incident, attempt, dependencies);
    if (typeof earlier === 'object') return earlier;
    if (!(await line.awaitTurn())) return { type: 'stopped' };
    const plan = await begin(storyKey, earlier === 'unseen', dependencies);
    if (plan === null) return { type: 'idle' };
    return settle(plan, await receiver.send(toMessage(plan, now().getTime())), dependencies);
  };
}
