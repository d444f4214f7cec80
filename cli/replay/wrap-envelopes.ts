import { gzipSync } from 'node:zlib';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';

/**
 * What one PutLogEvents batch holds, and so what one envelope can.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html}
 */
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const MAX_SPAN_MS = 24 * 60 * 60_000;

/** Where the events of a batch come from. */
export type Origin = { readonly owner: string; readonly logGroup: string; readonly logStream: string };

/** Events of one stream that fit into one envelope; `newestMs` is `-Infinity` when none has a time. */
export type Batch<Event extends LogEvent = LogEvent> = {
  readonly events: readonly Event[];
  readonly newestMs: number;
};

/** Packs a batch as CloudWatch Logs sends it to Lambda: JSON, gzip, base64. */
export function packEnvelope({ owner, logGroup, logStream }: Origin, { events }: Batch): string {
  const payload = {
    messageType: 'DATA_MESSAGE',
    owner,
    logGroup,
    logStream,
    subscriptionFilters: ['gatewatch-replay'],
    logEvents: events.map(({ id, timestamp, message }) => ({ id, timestamp, message })),
  };
  return gzipSync(JSON.stringify(payload), { level: 1 }).toString('base64');
}

/**
 * Collects events and gives them away in batches within the documented limits. An event whose timestamp is 0 has no
 * time, so it spans none: a rejected line between two good ones does not part them.
 */
export function createBatcher<Event extends LogEvent = LogEvent>(): {
  add: (event: Event) => Batch<Event> | null;
  flush: () => Batch<Event> | null;
} {
  let events: Event[] = [];
  let bytes = 0;
  let oldestMs = Number.POSITIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;

  function flush(): Batch<Event> | null {
    if (events.length === 0) return null;
    const batch = { events, newestMs };
    events = [];
    bytes = 0;
    oldestMs = Number.POSITIVE_INFINITY;
    newestMs = Number.NEGATIVE_INFINITY;
    return batch;
  }

  return {
    flush,
    add: (event) => {
      const eventBytes = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
      const times = event.timestamp === 0 ? [] : [event.timestamp];
      const spanMs = Math.max(newestMs, ...times) - Math.min(oldestMs, ...times);
      const isFull = events.length >= MAX_EVENTS || bytes + eventBytes > MAX_BYTES || spanMs > MAX_SPAN_MS;
      const full = isFull ? flush() : null;
      events.push(event);
      bytes += eventBytes;
      oldestMs = Math.min(oldestMs, ...times);
      newestMs = Math.max(newestMs, ...times);
      return full;
    },
  };
}
