import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { Account, AlertEvent, IncidentStore, Now } from '#shared/application/ports.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';

/** A dispatcher of one receiver on the log's clock: alone, without mutes, and never in a hurry. */
export function createReplayDispatch({
  account,
  incidents,
  receiver,
  now,
}: {
  readonly account: Account;
  readonly incidents: IncidentStore;
  readonly receiver: Receiver;
  readonly now: Now;
}): (events: readonly AlertEvent[]) => Promise<void> {
  const dispatch = createDispatchAlerts({
    account,
    incidents,
    outboxes: createMemoryOutboxes(),
    receivers: { slack: receiver },
    keepUndeliverable: async () => {},
    holdBack: createHoldBack({ mutes: createMemoryMutes(), incidents, now, wait: async () => {} }),
    now,
    wait: async () => {},
    owner: 'replay',
  });
  return async (events) => {
    await dispatch(events, { deadlineMs: Number.POSITIVE_INFINITY });
  };
}
