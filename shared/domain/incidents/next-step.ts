import { type Finding, isAtLeast, type Severity } from '#shared/domain/detection/finding.ts';
import {
  type Announcement,
  announcementAfter,
  firstAnnouncement,
} from '#shared/domain/incidents/announcement.ts';
import type { Changes } from '#shared/domain/incidents/changes.ts';
import { type Delivery, type Snapshot, UNTOLD } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { shortId } from '#shared/domain/incidents/short-id.ts';
import { isSameNews, snapshotOf } from '#shared/domain/incidents/snapshot.ts';

/** What a receiver is like. */
export type ReceiverTraits = {
  readonly name: string;
  /** False: each announcement is a message of its own, and nothing is edited. */
  readonly canEdit: boolean;
  /** Incidents that were never this bad are not told. */
  readonly minSeverity: Severity;
};

/** The next thing to do so that a receiver knows what there is to know. */
export type Step =
  | { readonly step: 'post'; readonly announcement: Announcement }
  /** `isRefresh`: only numbers have changed. */
  | { readonly step: 'edit'; readonly isRefresh: boolean }
  | { readonly step: 'reply'; readonly changes: Changes; readonly isBroadcast: boolean };

/** An edit that nobody is notified of is worth a call for a number this much larger or smaller, or after a while. */
const VALUE_CHANGE_RATIO = 0.1;
const REFRESH_MS = 5 * 60_000;

/** A message that is gone is posted anew so often without news: where none can be edited, each edit finds it gone. */
const REPOST_MS = 60 * 60_000;

function hasOthers(before: readonly string[], now: readonly string[]): boolean {
  return before.length !== now.length || now.some((id) => !before.includes(id));
}

function hasOtherFindings(before: Snapshot, now: Snapshot): boolean {
  return hasOthers(before.open, now.open) || hasOthers(before.ended, now.ended);
}

function isRefreshDue(shown: Snapshot, now: Snapshot, ageMs: number): boolean {
  if (now.status !== 'open' || now.version === shown.version) return false;
  const change = Math.abs(now.value - shown.value);
  return change > Math.abs(shown.value) * VALUE_CHANGE_RATIO || ageMs >= REFRESH_MS;
}

function editOf(shown: Snapshot | null, now: Snapshot, ageMs: number): Step | null {
  if (shown === null || !isSameNews(shown, now) || hasOtherFindings(shown, now)) {
    return { step: 'edit', isRefresh: false };
  }
  return isRefreshDue(shown, now, ageMs) ? { step: 'edit', isRefresh: true } : null;
}

function pick(findings: readonly Finding[], ids: readonly string[], without: readonly string[]): Finding[] {
  return findings.filter((finding) => {
    const id = shortId(finding);
    return ids.includes(id) && !without.includes(id);
  });
}

function replyOf({ findings }: Incident, told: Snapshot, now: Snapshot): Step | null {
  const announcement = announcementAfter(told, now);
  const joined = pick(findings, now.open, told.open);
  const ended = pick(findings, now.ended, told.ended);
  if (announcement === null && joined.length === 0 && ended.length === 0) return null;
  return {
    step: 'reply',
    changes: { announcement: announcement ?? 'changed', joined, ended },
    isBroadcast:
      announcement === 'reopened' ||
      announcement === 'closed' ||
      (announcement === 'worse' && now.severity === 'critical'),
  };
}

type Situation = {
  readonly incident: Incident;
  readonly delivery: Delivery;
  readonly now: Snapshot;
  readonly nowMs: number;
  readonly isMuted: boolean;
};

/** People see an edit only if they look, so a mute does not stop it. */
function editableStep({ incident, delivery, now, nowMs, isMuted }: Situation, told: Snapshot): Step | null {
  const ageMs = nowMs - delivery.sentAtMs;
  if (delivery.place === null)
    return isMuted ? null : repost(told, now, delivery.shown === null || ageMs >= REPOST_MS);
  const edit = editOf(delivery.shown, now, ageMs);
  return edit ?? (isMuted ? null : replyOf(incident, told, now));
}

/**
 * Its message was deleted, or was told by a webhook before there was a bot: as long as the trouble goes on somebody has
 * to be able to see it.
 *
 * @param isMissed - True to post although there is no news
 */
function repost(told: Snapshot, now: Snapshot, isMissed: boolean): Step | null {
  const announcement = announcementAfter(told, now) ?? (isMissed && now.status === 'open' ? 'changed' : null);
  return announcement === null ? null : { step: 'post', announcement };
}

function firstStep(
  { incident, now, isMuted }: Situation,
  { minSeverity }: Pick<ReceiverTraits, 'minSeverity'>,
): Step | null {
  const isOverUnseen = now.status === 'closed' && incident.heldBackBy !== null; // told when the mute ends
  if (isMuted || isOverUnseen || now.status === 'merged' || !isAtLeast(incident.severity, minSeverity)) {
    return null;
  }
  return { step: 'post', announcement: firstAnnouncement(now) };
}

/** That a receiver takes nothing is told to the others. */
function isAboutItself({ story }: Incident, name: string): boolean {
  return story.kind === 'delivery' && story.key.endsWith(`|${name}`);
}

/**
 * What to do next for one receiver. It depends on the newest state and on what the receiver has got, not on how often
 * this is asked.
 *
 * @param when - The clock, and whether the incident is muted
 * @returns `null` when nothing is owed
 */
export function nextStep(
  incident: Incident,
  receiver: ReceiverTraits,
  when: { readonly nowMs: number; readonly isMuted: boolean },
): Step | null {
  const delivery = incident.deliveries[receiver.name] ?? UNTOLD;
  const now = snapshotOf(incident);
  const { told, refusal } = delivery;
  if (isAboutItself(incident, receiver.name)) return null;
  if (refusal !== null && isSameNews(refusal.snapshot, now)) return null;
  const situation = { incident, delivery, now, ...when };
  if (told === null) return firstStep(situation, receiver);
  if (receiver.canEdit) return editableStep(situation, told);
  const announcement = when.isMuted ? null : announcementAfter(told, now);
  return announcement === null ? null : { step: 'post', announcement };
}

/** True if there is something to do for a receiver now. */
export function isDue(
  incident: Incident,
  receiver: ReceiverTraits,
  when: { readonly nowMs: number; readonly isMuted: boolean },
): boolean {
  const { attempt } = incident.deliveries[receiver.name] ?? UNTOLD;
  return attempt !== null || nextStep(incident, receiver, when) !== null;
}

/** True if a receiver has still to be told something once it can be. */
export function owesDelivery(incident: Incident, receiver: ReceiverTraits): boolean {
  return isDue(incident, receiver, { nowMs: 0, isMuted: false });
}

/** The order in which steps of many incidents are made: what people wait for first, numbers last. */
export function urgencyOf(step: Step, severity: Severity): number {
  if (step.step === 'edit' && step.isRefresh) return 3;
  if (step.step === 'reply' && !step.isBroadcast) return 2;
  return severity === 'critical' ? 0 : 1;
}
