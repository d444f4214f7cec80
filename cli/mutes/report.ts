import type { MuteStack } from '#cli/mutes/mute-stack.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { HeldIncident, Mute } from '#shared/domain/incidents/mute.ts';
import type { MutePreview } from '#shared/domain/incidents/preview-mute.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';

/** An incident in a few words. */
export function briefly(incident: Incident, nowMs: number): HeldIncident {
  const { id, severity, openedAt } = incident;
  return { id, title: summarizeIncident(incident, 'opened', nowMs).title, severity, openedAt };
}

function muteJson({ id, match, reason, createdBy, createdAtMs, untilMs, heldBack }: Mute): object {
  return {
    id,
    match,
    reason,
    createdBy,
    createdAt: new Date(createdAtMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    heldBack,
  };
}

function headOf(command: string, { name, accountId, region }: MuteStack): object {
  return { schemaVersion: 1, command, accountId, region, stack: name };
}

/** The document of `gatewatch mute --json`: a public contract (docs/mute.md). */
export function newMuteJson(stack: MuteStack, mute: Mute, preview: MutePreview): object {
  const list = (incidents: readonly Incident[]) => incidents.map((one) => briefly(one, mute.createdAtMs));
  return {
    ...headOf('mute', stack),
    mute: muteJson(mute),
    openNow: { heldBack: list(preview.heldBack), told: list(preview.told) },
  };
}

/** The document of `gatewatch mutes --json`: a public contract (docs/mute.md). */
export function mutesJson(stack: MuteStack, mutes: readonly Mute[]): object {
  return { ...headOf('mutes', stack), mutes: mutes.map(muteJson) };
}

/** The document of `gatewatch mutes --end ID --json`: a public contract (docs/mute.md). */
export function endedMuteJson(stack: MuteStack, mute: Mute): object {
  return { ...headOf('mutes --end', stack), mute: muteJson(mute) };
}
