import type { ExecutionEvent } from '#shared/domain/logs/stories/read-story-line.ts';

/** Where an event was found, for the one who looks for it. */
export type Position = {
  /** Name of the file or log group. */
  readonly source: string;
  /** The line of a file on which it, or the payload it is in, begins; counted from 1. `null` in a log group. */
  readonly line: number | null;
  /** The id that CloudWatch Logs gave it; `null` for a line of text. */
  readonly eventId: string | null;
};

/** One log line with what is known of it, from wherever it was read. */
export type SourceEvent = Position & {
  readonly text: string;
  /** The timestamp of the log event in epoch milliseconds; `null` for a line of text, unless an export put it before it. */
  readonly timestampMs: number | null;
  readonly logGroup: string | null;
  readonly logStream: string | null;
  /** Which subscription payload of its source it came in, counted from 1; `null` if in none. */
  readonly payload: number | null;
};

/** An event of a log group, as one of an execution log. */
export function toExecutionEvent(event: SourceEvent): ExecutionEvent {
  const { eventId, timestampMs, text, logGroup, logStream } = event;
  return { id: eventId ?? '', timestampMs, message: text, logGroup, stream: logStream ?? '' };
}

/** Who hears of what happens while a source is read. */
export type Watch = {
  /** Called with the parts of the source's `size` that were read. */
  readonly onRead: (size: number) => void;
  /** Called with what cannot be read, in words that name the source; reading goes on. */
  readonly onProblem: (words: string) => void;
};

/** A place that log lines come from. */
export type EventSource = {
  /** Path of a file, `-`, or name of a log group. */
  readonly name: string;
  readonly kind: 'file' | 'log-group';
  /** How much there is to read, for a progress bar; 0 if nobody knows. */
  readonly size: number;
  /** False for a pipe, and for what costs to read. */
  readonly canReadTwice: boolean;
  /** @throws {UsageError} Naming source and place, if it cannot be read further; events before that are given */
  readonly read: (watch: Watch) => AsyncIterable<SourceEvent>;
};
