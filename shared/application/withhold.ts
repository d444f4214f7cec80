import type { HoldBack } from '#shared/application/hold-back.ts';
import type { Now } from '#shared/application/ports.ts';
import type { UpdateIncident } from '#shared/application/update-incident.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { findMute, type Mute } from '#shared/domain/incidents/mute.ts';
import { nextStep, type ReceiverTraits } from '#shared/domain/incidents/next-step.ts';

type Dependencies = {
  readonly update: UpdateIncident;
  readonly holdBack: HoldBack;
  readonly traits: readonly ReceiverTraits[];
  readonly now: Now;
};

/** True if somebody would be notified but for the mute; an edit is made all the same. */
function isWithheld(incident: Incident, traits: readonly ReceiverTraits[], nowMs: number): boolean {
  return traits.some((receiver) => {
    const step = nextStep(incident, receiver, { nowMs, isMuted: false })?.step;
    return step === 'post' || step === 'reply';
  });
}

/**
 * Looks whether an incident is muted, and counts it if that keeps somebody from being told.
 *
 * @returns A use case that gives the mute, `null` if there is none
 */
export function createWithhold({ update, holdBack, traits, now }: Dependencies) {
  return async (incident: Incident, mutes: readonly Mute[]): Promise<Mute | null> => {
    const nowMs = now().getTime();
    const mute = findMute(incident, mutes, nowMs);
    if (mute === null || incident.heldBackBy === mute.id || !isWithheld(incident, traits, nowMs)) return mute;
    // The mute counts first: if this ends between the two, the mute knows the incident's id.
    await holdBack.hold(incident, mute);
    await update(incident.story.key, (newest) =>
      newest?.id === incident.id ? { ...newest, heldBackBy: mute.id } : newest,
    );
    return mute;
  };
}
