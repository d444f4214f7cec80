import type { OutgoingMessage } from '#shared/application/receiver-ports.ts';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import type { Changes } from '#shared/domain/incidents/changes.ts';
import type { MessagePlace } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { type IncidentSummary, summarizeIncident } from '#shared/domain/messages/incident-summary.ts';
import { createIncident } from '#test/fakes/finding.ts';

type Told = {
  readonly incident?: Incident;
  readonly announcement?: Announcement;
  /** What the summary says otherwise. */
  readonly summary?: Partial<IncidentSummary>;
  readonly token?: string;
};

function told({ incident = createIncident(), announcement = 'opened', summary = {} }: Told) {
  const nowMs = Date.parse('2026-03-02T14:07:00Z');
  return { incident, summary: { ...summarizeIncident(incident, announcement, nowMs), ...summary } };
}

/** A message of its own about an incident. */
export function createPost(about: Told = {}): OutgoingMessage {
  return { ...told(about), step: 'post', token: about.token ?? 'token-1' };
}

/** A change of an incident's message. */
export function createEdit(place: MessagePlace, about: Told = {}): OutgoingMessage {
  return { ...told(about), step: 'edit', place };
}

/** A message in the thread of an incident's message. */
export function createReply(
  place: MessagePlace,
  about: Told & { readonly changes?: Partial<Changes>; readonly isBroadcast?: boolean } = {},
): OutgoingMessage {
  const { announcement = 'worse', token = 'token-2', changes = {}, isBroadcast = false } = about;
  return {
    ...told({ ...about, announcement }),
    step: 'reply',
    token,
    place,
    changes: { announcement, joined: [], ended: [], ...changes },
    isBroadcast,
  };
}
