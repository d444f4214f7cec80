import { type AccessLogFacts, factsOf } from '#shared/domain/logs/access/access-log-facts.ts';
import { createKnownFormats } from '#shared/domain/logs/access/known-formats.ts';
import {
  createReadAccessLogLine,
  MAX_LINE_LENGTH,
  type UnreadableReason,
} from '#shared/domain/logs/access/read-access-log-line.ts';
import type { LogEvents } from '#shared/domain/logs/payload/log-events.ts';

/** Reads the facts of the event at a place. They are those of this event until the next one is read. */
export type ReadAccessLogEvent = (place: number) => AccessLogFacts | UnreadableReason;

/**
 * Makes a reader for the events of one envelope. A line whose format is known is read where it stands in the payload;
 * only of the others a text is made.
 */
export function createReadAccessLogEvent({ packed, message }: LogEvents): ReadAccessLogEvent {
  const readLine = createReadAccessLogLine();
  const formats = createKnownFormats('\\"');

  function readPacked(place: number): AccessLogFacts | null {
    const start = packed?.starts[place] ?? 0;
    const end = packed?.ends[place] ?? 0;
    return packed === null || end - start > MAX_LINE_LENGTH ? null : formats.read(packed.text, start, end);
  }

  return (place) => {
    const known = readPacked(place);
    if (known !== null) return known;
    const text = message(place);
    const line = readLine(text);
    if (typeof line === 'string') return line;
    if (packed !== null) formats.learn(text.trim(), line);
    return factsOf(line);
  };
}
