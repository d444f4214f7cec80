import type { IncidentStore, Wait } from '#shared/application/ports.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';

/** A change of a story's newest incident, `null` for none. The same object back means: nothing to change. */
export type IncidentChange = (incident: Incident | null) => Incident | null;

/** Applies a change to the newest incident of a story, and gives back what is stored then. */
export type UpdateIncident = (storyKey: string, change: IncidentChange) => Promise<Incident | null>;

/** Concurrent dispatchers get in each other's way only briefly: ten of them, and whoever delivers. */
const MAX_ATTEMPTS = 20;

/** Each waits for another time, or all would be late together again. */
const MAX_PAUSE_MS = 50;

/**
 * Changes incidents under optimistic locking: if somebody else wrote in between, the change is made anew on what
 * they wrote.
 *
 * @param owesDelivery - Tells whether a receiver has still to be told
 * @returns An update that throws if others were first twenty times in a row
 */
export function createUpdateIncident(
  incidents: IncidentStore,
  wait: Wait,
  owesDelivery: (incident: Incident) => boolean,
): UpdateIncident {
  return async (storyKey, change) => {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const before = await incidents.read(storyKey);
      const after = change(before);
      if (after === null || after === before) return before;
      const revision = (before?.revision ?? 0) + 1;
      const isActive = after.status === 'open' || owesDelivery(after);
      const next = { ...after, revision, isActive };
      if (await incidents.write(next, before?.revision ?? null)) return next;
      await wait(Math.random() * MAX_PAUSE_MS);
    }
    throw new Error(
      `Could not update an incident in ${MAX_ATTEMPTS} attempts: other dispatchers were always first`,
    );
  };
}
