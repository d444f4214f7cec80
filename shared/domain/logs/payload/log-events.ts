import type { PackedText } from '#shared/domain/logs/payload/packed-text.ts';

/** One event of a log stream. */
export type LogEvent = {
  /** Unique among the events of an account. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
};

/**
 * The events of an envelope, by their place from 0 on. An envelope can hold ten thousand of them, of which most are
 * counted without ever becoming a text; so texts are made when they are asked for.
 */
export type LogEvents = {
  readonly count: number;
  readonly id: (place: number) => string;
  /** Epoch milliseconds. */
  readonly timestamp: (place: number) => number;
  /** @throws {MalformedEventError} If what stands there is no text */
  readonly message: (place: number) => string;
  /** The messages as they stand in the payload; `null` for events that never were in one. */
  readonly packed: PackedMessages | null;
};

/** The inside of the JSON string that each message is: from `starts[place]` to before `ends[place]`. */
export type PackedMessages = {
  readonly text: PackedText;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
};

function at(events: readonly LogEvent[], place: number): LogEvent {
  const event = events[place];
  if (event === undefined) throw new RangeError(`There is no event ${place} of ${events.length}`);
  return event;
}

/** Events that are texts already. */
export function listLogEvents(events: readonly LogEvent[]): LogEvents {
  return {
    count: events.length,
    id: (place) => at(events, place).id,
    timestamp: (place) => at(events, place).timestamp,
    message: (place) => at(events, place).message,
    packed: null,
  };
}

/**
 * All events as texts.
 *
 * @throws {MalformedEventError} If the message of one cannot be read
 */
export function toLogEventList({ count, id, timestamp, message }: LogEvents): readonly LogEvent[] {
  return Array.from({ length: count }, (_, place) => ({
    id: id(place),
    timestamp: timestamp(place),
    message: message(place),
  }));
}
