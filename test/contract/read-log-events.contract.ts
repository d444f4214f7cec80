import { beforeEach, describe, expect, it } from 'vitest';
import type { LogGroupEvent, ReadLogEvents, TimeRange } from '#shared/application/ports.ts';
import { createLogGroupStore, type LogGroupStore } from '#test/fakes/log-group-store.ts';

const NOON_MS = Date.parse('2026-03-02T12:00:00Z');

/** An event some milliseconds after noon. */
export function logEvent(afterMs: number, logStream = 'a'.repeat(32)): LogGroupEvent {
  const id = String(afterMs).padStart(56, '3');
  return { id, timestamp: NOON_MS + afterMs, message: `line at ${afterMs} "quoted" €`, logStream };
}

/** Milliseconds after noon, the end exclusive. */
export function rangeAfterNoon(from: number, to: number): TimeRange {
  return { fromMs: NOON_MS + from, toMs: NOON_MS + to };
}

/** All pages of a group as one. */
export async function readAll(
  readLogEvents: ReadLogEvents,
  group: string,
  range: TimeRange,
): Promise<LogGroupEvent[]> {
  const events: LogGroupEvent[] = [];
  for await (const page of readLogEvents(group, range)) events.push(...page);
  return events;
}

/**
 * What reading log groups does.
 *
 * @param createReadLogEvents - Makes the port over a store
 */
export function describeReadLogEvents(
  name: string,
  createReadLogEvents: (store: LogGroupStore) => ReadLogEvents | Promise<ReadLogEvents>,
): void {
  describe(name, () => {
    let store: LogGroupStore;
    let readLogEvents: ReadLogEvents;

    beforeEach(async () => {
      store = createLogGroupStore();
      readLogEvents = await createReadLogEvents(store);
    });

    it('readLogEvents() gives all events of a group with id, time, text and stream, oldest first, over all pages', async () => {
      const events = Array.from({ length: 7 }, (_, index) => logEvent(index, `stream-${index % 3}`));
      store.write('orders', events.toReversed());
      store.write('users', [logEvent(3)]);

      expect(await readAll(readLogEvents, 'orders', rangeAfterNoon(0, 60_000))).toEqual(events);
    });

    it('readLogEvents() gives the event at the start of the range and not the one at its end', async () => {
      store.write(
        'orders',
        [9, 10, 11, 19, 20].map((afterMs) => logEvent(afterMs)),
      );

      const events = await readAll(readLogEvents, 'orders', rangeAfterNoon(10, 20));

      expect(events).toEqual([10, 11, 19].map((afterMs) => logEvent(afterMs)));
    });

    it('readLogEvents() gives nothing where there is nothing in the range', async () => {
      store.write('orders', [logEvent(5)]);

      expect(await readAll(readLogEvents, 'orders', rangeAfterNoon(6, 10))).toEqual([]);
    });

    it('readLogEvents() throws ResourceNotFoundException where there is no group', async () => {
      const reading = readAll(readLogEvents, 'orders', rangeAfterNoon(0, 10));

      await expect(reading).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });
  });
}
