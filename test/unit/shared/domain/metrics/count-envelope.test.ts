import { describe, expect, it } from 'vitest';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { listLogEvents } from '#shared/domain/logs/payload/log-events.ts';
import { countEnvelope } from '#shared/domain/metrics/count-envelope.ts';
import { accessLogLine } from '#test/fakes/access-log-envelope.ts';

const RECEIVED_MS = Date.UTC(2026, 2, 16, 12);
const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;

function count(...messages: string[]) {
  const logEvents = messages.map((message, index) => ({
    id: `event-${index}`,
    timestamp: RECEIVED_MS,
    message,
  }));
  const envelope = {
    owner: '123456789012',
    logGroup: '/orders',
    logStream: 'a',
    logEvents: listLogEvents(logEvents),
  };
  return countEnvelope(envelope, createIdentifyStage('/orders', []), RECEIVED_MS);
}

function at(offsetMs: number): string {
  return accessLogLine(RECEIVED_MS + offsetMs);
}

describe('countEnvelope()', () => {
  it('countEnvelope() counts every line once, as a request or as rejected', () => {
    const counted = count(at(0), 'START', at(-5), '', 'END', '{"level":"info"}');

    expect(counted.requests).toBe(2);
    expect(counted.rejected).toEqual({
      'unknown-format': { count: 2, firstEventId: 'event-1' },
      empty: { count: 1, firstEventId: 'event-3' },
      'not-access-log': { count: 1, firstEventId: 'event-5' },
    });
    expect(counted.aggregate.statuses).toEqual(new Map([[200, 2]]));
  });

  it('countEnvelope() counts the requests whose lines it repaired, and not the lines that it rejects', () => {
    const broken = at(0).replace('"errorMessage":"-"', '"errorMessage":""Forbidden""');

    const { requests, repaired, rejected } = count(at(0), broken, broken, broken.replace('"200"', '200"'));

    expect({ requests, repaired }).toEqual({ requests: 3, repaired: 2 });
    expect(rejected).toEqual({ 'not-json': { count: 1, firstEventId: 'event-3' } });
  });

  it.each([
    [0, 'counts'],
    [-14 * DAY_MS + HOUR_MS, 'counts'],
    [-14 * DAY_MS + HOUR_MS - 1, 'too-old'],
    [2 * HOUR_MS, 'counts'],
    [2 * HOUR_MS + 1, 'too-new'],
  ])('countEnvelope() judges a request %i ms away from the arrival: %s', (offsetMs, outcome) => {
    const { requests, rejected } = count(at(offsetMs));

    const isCounted = outcome === 'counts';
    expect(requests).toBe(isCounted ? 1 : 0);
    expect(rejected).toEqual(isCounted ? {} : { [outcome]: { count: 1, firstEventId: 'event-0' } });
  });

  it('countEnvelope() tells the newest request, in whatever order they come', () => {
    expect(count(at(-3_000), at(-1_000), at(-2_000)).newestMs).toBe(RECEIVED_MS - 1_000);
    expect(count('END').newestMs).toBe(0);
  });

  it('countEnvelope() counts what it cannot identify under the unknown stage', () => {
    const counted = count(
      at(0),
      accessLogLine(RECEIVED_MS, { apiId: '-' }),
      accessLogLine(RECEIVED_MS, { stage: 'a b' }),
    );

    expect(counted.unidentified).toBe(2);
    expect([...counted.aggregate.stages.keys()]).toEqual(['a1b2c3/prod', 'unknown/unknown']);
  });

  it('countEnvelope() takes the time of the event where the request has none', () => {
    const counted = count(accessLogLine(0, { requestTimeEpoch: '-' }));

    expect([...counted.aggregate.seconds.entries.keys()]).toEqual([RECEIVED_MS]);
  });

  it('countEnvelope() counts no events as nothing', () => {
    expect(count()).toMatchObject({ requests: 0, unidentified: 0, newestMs: 0, rejected: {} });
  });

  it('countEnvelope() rejects a time of the event that is beyond all numbers', () => {
    const logEvents = [{ id: 'a', timestamp: Number.POSITIVE_INFINITY, message: '{"status":"200"}' }];
    const envelope = { owner: '1', logGroup: '/orders', logStream: 'a', logEvents: listLogEvents(logEvents) };

    const { rejected } = countEnvelope(envelope, createIdentifyStage('/orders', []), RECEIVED_MS);

    expect(rejected).toEqual({ 'too-new': { count: 1, firstEventId: 'a' } });
  });
});
