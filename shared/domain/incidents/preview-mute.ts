import type { Incident } from '#shared/domain/incidents/incident.ts';
import { findMute, isAbout, isToldOf, type Mute } from '#shared/domain/incidents/mute.ts';

/** The open incidents that a mute is about. */
export type MutePreview = {
  /** Held back, maybe by this mute and others together. */
  readonly heldBack: readonly Incident[];
  /** Told all the same: there is more to them than what is muted. */
  readonly told: readonly Incident[];
};

/**
 * Says what a mute does to incidents.
 *
 * @param mutes - All mutes, this one among them
 */
export function previewMute(
  mute: Mute,
  mutes: readonly Mute[],
  incidents: readonly Incident[],
  nowMs: number,
): MutePreview {
  const concerned = incidents.filter(
    ({ status, findings }) =>
      status === 'open' && findings.some((finding) => isToldOf(finding) && isAbout(mute.match, finding)),
  );
  const isHeldBack = (incident: Incident): boolean => findMute(incident, mutes, nowMs) !== null;
  return {
    heldBack: concerned.filter(isHeldBack),
    told: concerned.filter((incident) => !isHeldBack(incident)),
  };
}
