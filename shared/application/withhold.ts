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
  async function mark({ id, story }: Incident, heldBackBy: string | null): Promise<void> {
    await update(story.key, (newest) => (newest?.id === id ? { ...newest, heldBackBy } : newest));
  }

  return async (incident: Incident, mutes: readonly Mute[]): Promise<Mute | null> => {
    const nowMs = now().getTime();
    const mute = findMute(incident, mutes, nowMs);
    if (mute === null) {
      // Open still, it is told by itself, and so is its end.
      if (incident.status === 'open' && incident.heldBackBy !== null) await mark(incident, null);
      return null;
    }
    if (incident.heldBackBy === mute.id || !isWithheld(incident, traits, nowMs)) return mute;
    // The mute counts first: if this ends between the two, the mute knows the incident's id.
    if (!(await holdBack.hold(incident, mute))) return null;
    await mark(incident, mute.id);
    return mute;
  };
}
