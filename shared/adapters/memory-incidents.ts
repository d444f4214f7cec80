import type { IncidentStore } from '#shared/application/ports.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';

/** Incidents that live as long as the process; unlike a table, it can also list those that are long over. */
export type MemoryIncidents = IncidentStore & { readonly listAll: () => readonly Incident[] };

/** Creates an empty store. */
export function createMemoryIncidents(): MemoryIncidents {
  const newest = new Map<string, Incident>();
  const all = new Map<string, Incident>();
  return {
    read: async (storyKey) => newest.get(storyKey) ?? null,
    write: async (incident, expectedRevision) => {
      if ((newest.get(incident.story.key)?.revision ?? null) !== expectedRevision) return false;
      newest.set(incident.story.key, incident);
      all.set(incident.id, incident);
      return true;
    },
    listActive: async () => [...newest.values()].filter(({ isActive }) => isActive),
    listAll: () => [...all.values()].sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1)),
  };
}
