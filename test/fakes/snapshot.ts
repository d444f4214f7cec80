import type { Snapshot } from '#shared/domain/incidents/delivery.ts';

/** The state of an open incident that is a warning, with the given differences. */
export function createSnapshot(differences: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 1,
    status: 'open',
    severity: 'warning',
    isUnknown: false,
    value: 100,
    open: [],
    ended: [],
    ...differences,
  };
}
