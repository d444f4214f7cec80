import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { BusEvent, PublishAlertEvents } from '#shared/application/ports.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';

/**
 * What one PutEvents call takes: 10 entries and 256 KB. The size is that of source, detail type and detail; some room
 * is left for what AWS adds.
 *
 * @see {@link https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html}
 */
const MAX_ENTRIES = 10;
const MAX_BYTES = 240_000;
/** Of the findings of one entry; the rest is the event around them. */
const MAX_FINDING_BYTES = 230_000;

/** A finding takes about 4 KB, so that this many stay below the limit of an entry; where they do not, fewer are sent. */
const MAX_FINDINGS_PER_EVENT = 50;

/** The `source` of all events that Gatewatch puts on its bus. */
const SOURCE = 'gatewatch';

/** Findings, in order, in as few lots as there is room for. */
function toLots(findings: readonly Finding[]): Finding[][] {
  const lots: Finding[][] = [];
  let bytes = 0;
  for (const finding of findings) {
    const findingBytes = Buffer.byteLength(JSON.stringify(finding)) + 1;
    const last = lots.at(-1);
    if (
      last === undefined ||
      last.length >= MAX_FINDINGS_PER_EVENT ||
      bytes + findingBytes > MAX_FINDING_BYTES
    ) {
      lots.push([finding]);
      bytes = findingBytes;
    } else {
      last.push(finding);
      bytes += findingBytes;
    }
  }
  return lots;
}

function toDetails(event: BusEvent): unknown[] {
  if (event.type === 'evaluation.completed') return [event.completed];
  return toLots(event.findings).map((findings) => ({ schemaVersion: 1, findings }));
}

function toEntries(event: BusEvent, busName: string): PutEventsRequestEntry[] {
  return toDetails(event).map((detail) => ({
    EventBusName: busName,
    Source: SOURCE,
    DetailType: event.type,
    Detail: JSON.stringify(detail),
  }));
}

/** Cuts entries, in order, into calls that the bus takes. */
function toCalls(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const entryBytes = Buffer.byteLength(entry.Detail ?? '');
    const last = calls.at(-1);
    if (last === undefined || last.length >= MAX_ENTRIES || bytes + entryBytes > MAX_BYTES) {
      calls.push([entry]);
      bytes = entryBytes;
    } else {
      last.push(entry);
      bytes += entryBytes;
    }
  }
  return calls;
}

/** Puts findings on the bus, in order, and checks that every one was taken. */
export function createPublishAlertEvents(client: EventBridgeClient, busName: string): PublishAlertEvents {
  return async (events) => {
    for (const Entries of toCalls(events.flatMap((event) => toEntries(event, busName)))) {
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
