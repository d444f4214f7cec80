import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, createBatcher, packEnvelope } from '#cli/replay/wrap-envelopes.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';
import { withEvents } from '#test/fakes/log-events.ts';

const NOON_MS = Date.parse('2026-03-02T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_BYTES = 1_048_576;
const OVERHEAD_BYTES = 26;

function event(message = 'x', timestamp = NOON_MS): LogEvent {
  return { id: `${timestamp}`, timestamp, message };
}

/** All batches of the events, with the last one. */
function batchesOf(events: readonly LogEvent[]): Batch[] {
  const { add, flush } = createBatcher();
  return [...events.map(add), flush()].filter((batch) => batch !== null);
}

function sizesOf(events: readonly LogEvent[]): number[] {
  return batchesOf(events).map((batch) => batch.events.length);
}

function bytesOf({ events }: Batch): number {
  return events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + OVERHEAD_BYTES, 0);
}

function spanOf({ events }: Batch): number {
  const times = events.map(({ timestamp }) => timestamp).filter((timestamp) => timestamp !== 0);
  return times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
}

describe('createBatcher()', () => {
  it('createBatcher() gives nothing for nothing, and nothing twice', () => {
    const { add, flush } = createBatcher();
    expect(flush()).toBe(null);

    add(event());

    expect(flush()?.events).toHaveLength(1);
    expect(flush()).toBe(null);
  });

  it('createBatcher() puts 10,000 events into a batch and the next one into another', () => {
    expect(sizesOf(Array.from({ length: 10_000 }, () => event()))).toEqual([10_000]);
    expect(sizesOf(Array.from({ length: 10_001 }, () => event()))).toEqual([10_000, 1]);
  });

  it.each([
    ['ASCII', 'x', 1],
    ['characters of 3 bytes', '€', 3],
  ])('createBatcher() fills a batch to 1,048,576 bytes, 26 for each event, in %s', (_, character, bytes) => {
    const half = (MAX_BYTES - 2 * OVERHEAD_BYTES) / 2;
    const message = character.repeat(Math.floor(half / bytes)) + 'x'.repeat(half % bytes);
    expect(Buffer.byteLength(message)).toBe(half);

    expect(sizesOf([event(message), event(message)])).toEqual([2]);
    expect(sizesOf([event(message), event(`${message}x`)])).toEqual([1, 1]);
  });

  it('createBatcher() gives an event that is larger than a batch one of its own', () => {
    expect(sizesOf([event(), event('x'.repeat(2 * MAX_BYTES)), event(), event()])).toEqual([1, 1, 2]);
  });

  it.each([
    ['ascending', [0, DAY_MS], [0, DAY_MS + 1]],
    ['descending', [DAY_MS, 0], [DAY_MS + 1, 0]],
    ['both ways', [HOUR_MS, 0, DAY_MS], [HOUR_MS, 0, DAY_MS + 1]],
  ])('createBatcher() spans 24 hours and no millisecond more, %s', (_, within, beyond) => {
    const at = (offsetMs: number): LogEvent => event('x', NOON_MS + offsetMs);

    expect(sizesOf(within.map(at))).toEqual([within.length]);
    expect(sizesOf(beyond.map(at))).toEqual([beyond.length - 1, 1]);
  });

  it('createBatcher() does not part a batch at a line without time', () => {
    const events = Array.from({ length: 100 }, (_, index) =>
      event('x', index % 2 === 0 ? NOON_MS + index : 0),
    );

    const [batch, ...others] = batchesOf(events);

    expect(others).toEqual([]);
    expect(batch).toEqual({ events, newestMs: NOON_MS + 98 });
  });

  it('createBatcher() knows no newest time where no line has one', () => {
    expect(batchesOf([event('x', 0)])).toEqual([
      { events: [event('x', 0)], newestMs: Number.NEGATIVE_INFINITY },
    ]);
  });

  it('createBatcher() keeps all events in order, within every limit, and with no batch that fits into the one before', () => {
    const anyEvent = fc.record({
      id: fc.string(),
      timestamp: fc.oneof(fc.constant(0), fc.integer({ min: NOON_MS - 2 * DAY_MS, max: NOON_MS })),
      message: fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 200_000, max: 500_000 }).map((length) => 'x'.repeat(length)),
      ),
    });
    const property = fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      const batches = batchesOf(events);
      const isWithin = batches.every((batch) => bytesOf(batch) <= MAX_BYTES && spanOf(batch) <= DAY_MS);
      const isFull = batches.every((batch, index) => {
        const next = batches[index + 1];
        if (next === undefined) return true;
        const joined = { ...batch, events: [...batch.events, ...next.events.slice(0, 1)] };
        return bytesOf(joined) > MAX_BYTES || spanOf(joined) > DAY_MS;
      });
      const all = batches.flatMap((batch) => batch.events);
      return (
        isWithin && isFull && all.length === events.length && all.every((one, index) => one === events[index])
      );
    });

    fc.assert(property);
  });
});

describe('packEnvelope()', () => {
  it('packEnvelope() makes what decodePayload() and parseEnvelope() read back', async () => {
    const anyEvent = fc.record({
      id: fc.string(),
      timestamp: fc.nat(),
      message: fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString('utf8')),
    });
    const origin = fc.record({ owner: fc.string(), logGroup: fc.string(), logStream: fc.string() });
    const property = fc.asyncProperty(origin, fc.array(anyEvent), async (from, logEvents) => {
      const packed = packEnvelope(from, { events: logEvents, newestMs: 0 });
      const parsed = withEvents(parseEnvelope(await decodePayload(packed)));
      const expected = { kind: 'data', envelope: { ...from, logEvents } };
      return JSON.stringify(parsed) === JSON.stringify(expected);
    });

    await fc.assert(property);
  });
});
