import { planDelivery, toMessage } from '#shared/application/delivery-plan.ts';
import type { OutgoingMessage } from '#shared/application/receiver-ports.ts';
import { type Delivery, UNTOLD } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { ReceiverTraits } from '#shared/domain/incidents/next-step.ts';
import { snapshotOf } from '#shared/domain/incidents/snapshot.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { renderSlackMessage, type SlackMessage } from '#shared/domain/messages/render-slack.ts';
import { renderSlackReply } from '#shared/domain/messages/render-slack-reply.ts';
import { renderText } from '#shared/domain/messages/render-text.ts';

/** An incident as it stood at a time, epoch milliseconds. */
export type State = { readonly incident: Incident; readonly nowMs: number };

/** A message as it is after its last edit, with what stands in its thread. */
export type Posted = {
  readonly atMs: number;
  /** When it was last changed in place; `null` if it never was. */
  readonly editedAtMs: number | null;
  readonly summary: IncidentSummary;
  readonly message: SlackMessage;
  /** The same for mail and terminals. */
  readonly text: string;
  readonly replies: readonly Reply[];
};

/** A message in a thread. */
export type Reply = {
  readonly atMs: number;
  /** Shown in the channel as well. */
  readonly isBroadcast: boolean;
  readonly message: SlackMessage;
};

/** Who is told: a bot edits its message and answers in its thread, a webhook can only post. */
export type PreviewReceiver = 'bot' | 'webhook';

/** More steps than this follow from no state. */
const MAX_STEPS = 5;
const PLACE = { channel: 'preview', ts: '0' };

function advance(
  delivery: Delivery,
  { step }: OutgoingMessage,
  { incident, nowMs }: State,
  canEdit: boolean,
): Delivery {
  const snapshot = snapshotOf(incident);
  const sent = { ...delivery, sentAtMs: nowMs };
  if (step === 'edit') return { ...sent, shown: snapshot };
  if (step === 'reply') return { ...sent, told: snapshot };
  return { ...sent, told: snapshot, ...(canEdit && { shown: snapshot, place: PLACE }) };
}

function show(posted: readonly Posted[], outgoing: OutgoingMessage, atMs: number): Posted[] {
  const { summary } = outgoing;
  const last = posted.at(-1);
  if (outgoing.step === 'reply' && last !== undefined) {
    const { changes, isBroadcast } = outgoing;
    const reply = { atMs, isBroadcast, message: renderSlackReply(summary, changes) };
    return [...posted.slice(0, -1), { ...last, replies: [...last.replies, reply] }];
  }
  const rendered = { summary, message: renderSlackMessage(summary), text: renderText(summary) };
  if (outgoing.step === 'edit' && last !== undefined) {
    return [...posted.slice(0, -1), { ...last, ...rendered, editedAtMs: atMs }];
  }
  return [...posted, { ...rendered, atMs, editedAtMs: null, replies: [] }];
}

/**
 * Tells a receiver the states of an incident one after the other, with the steps that the deployed pipeline would make.
 *
 * @param adjust - A last touch to what is told
 */
export function playStates(
  states: readonly State[],
  receiver: PreviewReceiver,
  adjust: (summary: IncidentSummary) => IncidentSummary,
): Posted[] {
  const traits: ReceiverTraits = { name: 'preview', canEdit: receiver === 'bot', minSeverity: 'info' };
  let posted: Posted[] = [];
  let delivery = UNTOLD;
  for (const state of states) {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const incident = { ...state.incident, deliveries: { [traits.name]: delivery } };
      const plan = planDelivery(incident, traits, { nowMs: state.nowMs, mute: null, isRepeat: false });
      if (plan === null) break;
      const outgoing = toMessage(plan, state.nowMs);
      posted = show(posted, { ...outgoing, summary: adjust(outgoing.summary) }, state.nowMs);
      delivery = advance(delivery, outgoing, state, traits.canEdit);
    }
  }
  return posted;
}
