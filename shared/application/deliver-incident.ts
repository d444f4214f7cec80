import type { DeliverIncident, Now } from '#shared/application/ports.ts';
import type { UpdateIncident } from '#shared/application/update-incident.ts';
import { nextAnnouncement } from '#shared/domain/incidents/announcement.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';

/** Receivers by name. Each gets the newest state, independent of the others. */
export type Targets = Readonly<Record<string, DeliverIncident>>;

/** How many receivers were told, and why others were not. */
export type DeliveryReport = { readonly delivered: number; readonly errors: readonly unknown[] };

type Dependencies = {
  readonly update: UpdateIncident;
  readonly targets: Targets;
  readonly now: Now;
  /** Names this dispatcher in leases. */
  readonly owner: string;
};

/** Longer than a delivery with its retries takes. */
const LEASE_MS = 30_000;

/** What changes during a delivery is delivered next; more rounds than this are left to the next event. */
const MAX_ROUNDS = 5;

/** True if a receiver has still to be told something. */
export function owesDelivery(incident: Incident, targets: Targets): boolean {
  return Object.keys(targets).some((target) => nextAnnouncement(incident, target) !== null);
}

/** Only one dispatcher at a time tells about an incident; one that dies gives way when its lease ends. */
function takeLease(incident: Incident | null, { targets, now, owner }: Dependencies): Incident | null {
  if (incident === null || !owesDelivery(incident, targets)) return incident;
  const nowMs = now().getTime();
  const { lease } = incident;
  if (lease !== null && lease.owner !== owner && lease.untilMs > nowMs) return incident;
  return { ...incident, lease: { owner, untilMs: nowMs + LEASE_MS } };
}

async function tell(
  target: string,
  incident: Incident,
  { update, targets, now }: Dependencies,
): Promise<boolean> {
  const announcement = nextAnnouncement(incident, target);
  const deliver = targets[target];
  if (announcement === null || deliver === undefined) return false;
  const sentAtMs = now().getTime();
  await deliver(summarizeIncident(incident, announcement, sentAtMs), incident);
  const { id, version, status, severity } = incident;
  const delivery = { version, announced: { status, severity }, sentAtMs };
  await update(incident.story.key, (newest) =>
    newest?.id === id ? { ...newest, deliveries: { ...newest.deliveries, [target]: delivery } } : newest,
  );
  return true;
}

/**
 * Tells every receiver what it does not know yet of a story's incident. One receiver's failure does not keep the
 * others from being told.
 */
export function createDeliverIncident(
  dependencies: Dependencies,
): (storyKey: string) => Promise<DeliveryReport> {
  const { update, targets, owner } = dependencies;
  return async (storyKey) => {
    let delivered = 0;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const incident = await update(storyKey, (newest) => takeLease(newest, dependencies));
      if (incident === null || incident.lease?.owner !== owner) break;
      const results = await Promise.allSettled(
        Object.keys(targets).map((target) => tell(target, incident, dependencies)),
      );
      await update(storyKey, (newest) =>
        newest?.lease?.owner === owner ? { ...newest, lease: null } : newest,
      );
      delivered += results.filter((result) => result.status === 'fulfilled' && result.value).length;
      const errors = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
      if (errors.length > 0) return { delivered, errors };
    }
    return { delivered, errors: [] };
  };
}
