import { type Delivery, UNTOLD } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';

/** An incident as release 0.1.0 wrote it. */
type IncidentOf010 = Omit<
  Incident,
  'schemaVersion' | 'deliveries' | 'unknownSince' | 'heldBackBy' | 'leftOutIds'
> & {
  readonly schemaVersion: 1;
  readonly findingsLeftOut: number;
  readonly deliveries: Readonly<
    Record<
      string,
      {
        readonly version: number;
        readonly announced: Pick<Incident, 'status' | 'severity'>;
        readonly sentAtMs: number;
      }
    >
  >;
};

/** An incident as this release or an older one wrote it. */
export type StoredIncident = Incident | IncidentOf010;

/** Makes of an incident of an older release one of this, so that an update of the stack tells nothing twice. */
export function upgradeIncident(stored: StoredIncident | null): Incident | null {
  if (stored === null || stored.schemaVersion === 2) return stored;
  const { findingsLeftOut: _, ...others } = stored; // it counted the same ones again and again
  const deliveries = Object.entries(stored.deliveries).map(([receiver, delivery]): [string, Delivery] => {
    const { version, announced, sentAtMs } = delivery;
    const told = { version, ...announced, isUnknown: false, value: 0, open: [], ended: [] };
    return [receiver, { ...UNTOLD, told, sentAtMs }];
  });
  return {
    ...others,
    leftOutIds: [],
    schemaVersion: 2,
    unknownSince: null,
    heldBackBy: null,
    deliveries: Object.fromEntries(deliveries),
  };
}
