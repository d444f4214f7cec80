import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { AlertEvent, PublishAlertEvents } from '#shared/application/ports.ts';

/**
 * Entries of one PutEvents call.
 *
 * @see {@link https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html}
 */
const MAX_ENTRIES = 10;

/** The `source` of all events that Gatewatch puts on its bus. */
const SOURCE = 'gatewatch';

function toEntry(event: AlertEvent, busName: string): PutEventsRequestEntry {
  const detail = event.type === 'finding' ? event.finding : event.completed;
  return { EventBusName: busName, Source: SOURCE, DetailType: event.type, Detail: JSON.stringify(detail) };
}

/** Puts findings on the bus, in order, and checks that every one was taken. */
export function createPublishAlertEvents(client: EventBridgeClient, busName: string): PublishAlertEvents {
  return async (events) => {
    for (let start = 0; start < events.length; start += MAX_ENTRIES) {
      const Entries = events.slice(start, start + MAX_ENTRIES).map((event) => toEntry(event, busName));
      const { FailedEntryCount = 0, Entries: results = [] } = await client.send(
        new PutEventsCommand({ Entries }),
      );
      if (FailedEntryCount > 0) {
        const code = results.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode;
        throw new Error(
          `The bus refused ${FailedEntryCount} of ${Entries.length} events: ${code ?? 'no reason given'}`,
        );
      }
    }
  };
}
