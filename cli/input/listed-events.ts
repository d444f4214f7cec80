import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';

/** An event as the AWS CLI prints it, with its stream; `id` is empty where there is none. */
export type ListedEvent = LogEvent & { readonly logStream: string | null };

type Entry = {
  readonly eventId?: unknown;
  readonly logStreamName?: unknown;
  readonly timestamp?: unknown;
  readonly message?: unknown;
};

function toListed({ eventId, logStreamName, timestamp, message }: Entry): ListedEvent | null {
  if (typeof timestamp !== 'number' || typeof message !== 'string') return null;
  return {
    id: typeof eventId === 'string' ? eventId : '',
    timestamp,
    message,
    logStream: typeof logStreamName === 'string' ? logStreamName : null,
  };
}

/**
 * Reads what `aws logs filter-log-events` and `aws logs get-log-events` print.
 *
 * @returns `null` if it is neither; its events are read all or not at all
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html}
 */
export function parseListedEvents(document: unknown): readonly ListedEvent[] | null {
  const { events } = (document ?? {}) as { events?: unknown };
  if (!Array.isArray(events)) return null;
  const listed = events.map((entry: Entry | null) => toListed(entry ?? {}));
  return listed.every((event) => event !== null) ? listed : null;
}
