import { describe, expect, it } from 'vitest';
import { createReadAccessLogEvent } from '#shared/domain/logs/access/read-access-log-event.ts';
import { MAX_LINE_LENGTH } from '#shared/domain/logs/access/read-access-log-line.ts';
import { parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import type { LogEvents } from '#shared/domain/logs/payload/log-events.ts';
import { accessLogLine } from '#test/fakes/access-log-envelope.ts';

const TIMESTAMP_MS = 1_780_000_000_123;

function packed(messages: readonly string[]): LogEvents {
  const logEvents = messages.map((message, id) => ({ id: String(id), timestamp: TIMESTAMP_MS, message }));
  const payload = { messageType: 'DATA_MESSAGE', owner: '1', logGroup: 'a', logStream: 'b', logEvents };
  const parsed = parseEnvelope(Buffer.from(JSON.stringify(payload)));
  if (parsed.kind !== 'data') throw new Error('Not an envelope with data');
  return parsed.envelope.logEvents;
}

/** Reads all of them and says of which a text was made. */
function placesDecoded(messages: readonly string[]): number[] {
  const events = packed(messages);
  const places: number[] = [];
  const message = (place: number): string => {
    places.push(place);
    return events.message(place);
  };
  const read = createReadAccessLogEvent({ ...events, message });
  for (let place = 0; place < events.count; place += 1) read(place);
  return places;
}

describe('createReadAccessLogEvent()', () => {
  it('createReadAccessLogEvent() makes a text of the first line of each format only', () => {
    const rest = Array.from({ length: 5 }, (_, second) => accessLogLine(TIMESTAMP_MS + second * 1_000));
    const http = rest.map((line) => line.replace('resourcePath', 'routeKey'));

    expect(placesDecoded([...rest, ...http])).toEqual([0, 5]);
  });

  it('createReadAccessLogEvent() makes a text of lines whose values have to be parsed', () => {
    const lines = [{}, { errorMessage: 'a "quote"' }, {}, { stage: 'a\\b' }].map((differences) =>
      accessLogLine(TIMESTAMP_MS, differences as Record<string, string>),
    );

    expect(placesDecoded(lines)).toEqual([0, 1, 3]);
  });

  it('createReadAccessLogEvent() refuses a line that is too long, be its format known', () => {
    const long = accessLogLine(TIMESTAMP_MS, { errorMessage: 'x'.repeat(MAX_LINE_LENGTH) });
    const read = createReadAccessLogEvent(packed([accessLogLine(TIMESTAMP_MS), long]));

    expect(read(0)).toMatchObject({ fields: { status: '200' } });
    expect(read(1)).toBe('too-long');
  });
});
