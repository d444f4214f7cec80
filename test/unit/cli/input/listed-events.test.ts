import { describe, expect, it } from 'vitest';
import { parseListedEvents } from '#cli/input/listed-events.ts';

const TIMESTAMP = 1_780_000_000_000;

describe('parseListedEvents()', () => {
  it('parseListedEvents() reads what filter-log-events prints', () => {
    const events = [
      { logStreamName: 's1', timestamp: TIMESTAMP, message: 'a', ingestionTime: TIMESTAMP, eventId: '3' },
    ];

    expect(parseListedEvents({ events, searchedLogStreams: [] })).toEqual([
      { id: '3', timestamp: TIMESTAMP, message: 'a', logStream: 's1' },
    ]);
  });

  it('parseListedEvents() reads what get-log-events prints, which has no ids', () => {
    const events = [{ timestamp: TIMESTAMP, message: 'a', ingestionTime: TIMESTAMP }];

    expect(parseListedEvents({ events, nextForwardToken: 'f/1' })).toEqual([
      { id: '', timestamp: TIMESTAMP, message: 'a', logStream: null },
    ]);
  });

  it.each([
    [null],
    [{}],
    [{ events: 'x' }],
    [{ events: [null] }],
    [{ events: [{ timestamp: '1', message: 'a' }] }],
  ])('parseListedEvents() is null for %j', (document) => {
    expect(parseListedEvents(document)).toBeNull();
  });
});
