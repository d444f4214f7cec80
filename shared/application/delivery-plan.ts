import type { OutgoingMessage } from '#shared/application/receiver-ports.ts';
import { type Announcement, firstAnnouncement } from '#shared/domain/incidents/announcement.ts';
import { type Attempt, type Delivery, type Snapshot, UNTOLD } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';
import { nextStep, type ReceiverTraits, type Step } from '#shared/domain/incidents/next-step.ts';
import { snapshotOf } from '#shared/domain/incidents/snapshot.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';

/** A step that is about to be made, and the state that it tells. */
export type DeliveryPlan = {
  readonly receiver: string;
  readonly incident: Incident;
  /** As it was before the step. */
  readonly delivery: Delivery;
  readonly step: Step;
  readonly snapshot: Snapshot;
  readonly token: string;
  /** True if the message may have come before. */
  readonly isRepeat: boolean;
  readonly mute: Mute | null;
};

/** Plans the next step for a receiver. @returns `null` if nothing is owed */
export function planDelivery(
  incident: Incident,
  receiver: ReceiverTraits,
  when: { readonly nowMs: number; readonly mute: Mute | null; readonly isRepeat: boolean },
): DeliveryPlan | null {
  const { nowMs, mute, isRepeat } = when;
  const step = nextStep(incident, receiver, { nowMs, isMuted: mute !== null });
  if (step === null) return null;
  const snapshot = snapshotOf(incident);
  return {
    receiver: receiver.name,
    incident,
    delivery: incident.deliveries[receiver.name] ?? UNTOLD,
    step,
    snapshot,
    token: `${incident.id}#${snapshot.version}`,
    isRepeat,
    mute,
  };
}

/** What a sending leaves behind until its outcome is known; `null` for an edit, which may as well be made twice. */
export function attemptOf({ step, token, snapshot }: DeliveryPlan, startedAtMs: number): Attempt | null {
  return step.step === 'edit' ? null : { token, step: step.step, startedAtMs, snapshot };
}

/** An edit shows how things stand, as a first message would. */
function announcementOf({ step, snapshot }: DeliveryPlan): Announcement {
  if (step.step === 'edit') return firstAnnouncement(snapshot);
  return step.step === 'post' ? step.announcement : step.changes.announcement;
}

/** What goes to the receiver. */
export function toMessage(plan: DeliveryPlan, nowMs: number): OutgoingMessage {
  const { incident, delivery, step, token, isRepeat, mute } = plan;
  const summary = {
    ...summarizeIncident(incident, announcementOf(plan), nowMs),
    mutedUntilMs: mute?.untilMs ?? null,
    isRepeat,
  };
  if (step.step === 'post') return { step: 'post', summary, incident, token };
  const { place } = delivery;
  if (place === null) throw new Error(`A ${step.step} needs a message that is there`);
  if (step.step === 'edit') return { step: 'edit', summary, incident, place };
  const { changes, isBroadcast } = step;
  return { step: 'reply', summary, incident, token, place, changes, isBroadcast };
}
