import { applyEndedMutes, applyEvent } from '#shared/application/apply-event.ts';
import { createDeliverOwed, type DeliveryReport } from '#shared/application/deliver-owed.ts';
import type { HoldBack } from '#shared/application/hold-back.ts';
import type { Account, AlertEvent, IncidentStore, Now, Wait } from '#shared/application/ports.ts';
import type { KeepUndeliverable, OutboxStore, Receivers } from '#shared/application/receiver-ports.ts';
import { createTellFailures } from '#shared/application/tell-failures.ts';
import { createUpdateIncident } from '#shared/application/update-incident.ts';
import { createWithhold } from '#shared/application/withhold.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { findMute, type Mute } from '#shared/domain/incidents/mute.ts';
import { isDue, owesDelivery } from '#shared/domain/incidents/next-step.ts';

type Dependencies = {
  readonly account: Account;
  readonly incidents: IncidentStore;
  readonly outboxes: OutboxStore;
  readonly receivers: Receivers;
  readonly keepUndeliverable: KeepUndeliverable;
  readonly holdBack: HoldBack;
  readonly now: Now;
  readonly wait: Wait;
  /** Names this dispatcher in leases. */
  readonly owner: string;
};

/** What one call did. */
export type DispatchReport = {
  /** Messages, edits and replies that receivers took. */
  readonly delivered: number;
  /** Messages that a receiver will never take; they are in the dead letters. */
  readonly refused: number;
  /** Receivers that take nothing at the moment; what they are owed is sent later. */
  readonly failing: readonly {
    readonly receiver: string;
    readonly reason: string;
    /** Epoch milliseconds. */
    readonly sinceMs: number;
  }[];
};

/**
 * Waits for all, also if one fails: what still ran when an invocation ends would go on beside the next one, with the same
 * lease.
 *
 * @throws {unknown} The first error
 */
async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

function toReport(reports: readonly DeliveryReport[]): DispatchReport {
  const newest = new Map(reports.map((report) => [report.receiver, report]));
  return {
    delivered: reports.reduce((sum, { sent }) => sum + sent, 0),
    refused: reports.reduce((sum, { refused }) => sum + refused.length, 0),
    failing: [...newest.values()].flatMap(({ receiver, state }) =>
      state === null || state.failingSinceMs === null
        ? []
        : [{ receiver, reason: state.reason ?? 'no answer', sinceMs: state.failingSinceMs }],
    ),
  };
}

/**
 * Turns findings into incidents and tells the receivers. Events may come twice, late, out of order and to several
 * dispatchers at once. What a receiver does not take stays owed, and is told with one of the next events.
 *
 * @returns A use case that throws only if a store or the queue of dead letters cannot be reached
 */
export function createDispatchAlerts(dependencies: Dependencies) {
  const { account, incidents, holdBack, now, wait } = dependencies;
  const receivers = Object.entries(dependencies.receivers);
  const traits = receivers.map(([name, { canEdit, minSeverity }]) => ({ name, canEdit, minSeverity }));
  const update = createUpdateIncident(incidents, wait, (incident) =>
    traits.some((receiver) => owesDelivery(incident, receiver)),
  );
  const names = receivers.map(([name]) => name);
  const stores = { incidents, update, receivers: names, nowMs: () => now().getTime() };
  const withhold = createWithhold({ update, holdBack, traits, now });
  const tellFailures = createTellFailures(account, update);

  /** Only what is due at the moment: most events bring no news, and an incident that is not active owes none. */
  async function dueOf(storyKeys: ReadonlySet<string>, mutes: readonly Mute[]): Promise<string[]> {
    const due: string[] = [];
    for (const key of storyKeys) {
      const incident = await incidents.read(key);
      if (!incident?.isActive) continue;
      const when = { nowMs: now().getTime(), isMuted: (await withhold(incident, mutes)) !== null };
      if (traits.some((receiver) => isDue(incident, receiver, when))) due.push(key);
    }
    return due;
  }

  async function applyAll(events: readonly AlertEvent[]): Promise<Set<string>> {
    const touched = new Set<string>();
    for (const event of events) {
      for (const key of await applyEvent(event, stores)) touched.add(key);
      if (event.type !== 'sweep') continue;
      for (const key of await applyEndedMutes(account, holdBack, stores)) touched.add(key);
    }
    return touched;
  }

  return async (
    events: readonly AlertEvent[],
    { deadlineMs }: { readonly deadlineMs: number },
  ): Promise<DispatchReport> => {
    const touched = await applyAll(events);
    const mutes = touched.size === 0 ? [] : await holdBack.read();
    const muteOf = (incident: Incident, nowMs: number): Mute | null => findMute(incident, mutes, nowMs);
    const deliverOwed = createDeliverOwed({ ...dependencies, update, muteOf });
    const deliverAll = (storyKeys: readonly string[]): Promise<DeliveryReport[]> =>
      allOf(receivers.map(([name, one]) => deliverOwed(name, one, { storyKeys, deadlineMs })));

    const due = await dueOf(touched, mutes);
    if (due.length === 0) return toReport([]);
    const reports = await deliverAll(due);
    const failures = await tellFailures(reports, now().getTime());
    if (failures.length > 0) reports.push(...(await deliverAll(failures)));
    return toReport(reports);
  };
}
