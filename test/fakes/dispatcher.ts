import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { createDispatchAlerts, type DispatchReport } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { AlertEvent, IncidentStore, Now } from '#shared/application/ports.ts';
import type {
  OutgoingMessage,
  Receiver,
  Receivers,
  SendOutcome,
} from '#shared/application/receiver-ports.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';

type Dispatcher = (events: readonly AlertEvent[]) => Promise<DispatchReport>;

/** The account of the test's dispatchers. */
export const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

/** A receiver that takes everything, and one message after the other, as a webhook does. */
export function createReceiver(
  note: (message: OutgoingMessage) => SendOutcome | undefined | Promise<SendOutcome | undefined>,
  differences: Partial<Receiver> = {},
): Receiver {
  return {
    canEdit: false,
    minSeverity: 'warning',
    intervalMs: 0,
    send: async (message) => (await note(message)) ?? { type: 'sent', place: null },
    find: null,
    ...differences,
  };
}

/** A dispatcher of one receiver that only notes what it is told. */
export function createDispatcher(
  incidents: IncidentStore,
  now: Now,
  note: (summary: IncidentSummary) => void,
): Dispatcher {
  return createDispatcherOf({
    incidents,
    now,
    receivers: { slack: createReceiver(({ summary }) => void note(summary)) },
  });
}

/** A dispatcher with all the time it wants, and nothing outside itself but its receivers. */
export function createDispatcherOf({
  incidents,
  now,
  receivers,
}: {
  readonly incidents: IncidentStore;
  readonly now: Now;
  readonly receivers: Receivers;
}): Dispatcher {
  const dispatch = createDispatchAlerts({
    account: ACCOUNT,
    incidents,
    outboxes: createMemoryOutboxes(),
    receivers,
    keepUndeliverable: async () => {},
    holdBack: createHoldBack({ mutes: createMemoryMutes(), incidents, now, wait: async () => {} }),
    now,
    wait: async () => {},
    owner: 'test',
  });
  return (events) => dispatch(events, { deadlineMs: Number.POSITIVE_INFINITY });
}
