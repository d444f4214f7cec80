import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroupEvent, ReadLogEvents } from '#shared/application/ports.ts';

/**
 * Events of one call; it also holds no more than 1 MB.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html}
 */
const MAX_EVENTS = 10_000;

function toEvent({ eventId, timestamp, message, logStreamName }: FilteredLogEvent): LogGroupEvent {
  if (
    eventId === undefined ||
    timestamp === undefined ||
    message === undefined ||
    logStreamName === undefined
  )
    throw new Error('CloudWatch Logs gave an event without id, timestamp, message or stream');
  return { id: eventId, timestamp, message, logStream: logStreamName };
}

/**
 * Reads the events of log groups with FilterLogEvents.
 *
 * @throws {Error} While pages are taken, if CloudWatch Logs refuses it, or cannot be reached
 */
export function createReadLogEvents(client: CloudWatchLogsClient): ReadLogEvents {
  return async function* (logGroupName, { fromMs, toMs }) {
    // The service takes the end into the range.
    const range = { startTime: fromMs, endTime: toMs - 1 };
    const pages = paginateFilterLogEvents({ client, pageSize: MAX_EVENTS }, { logGroupName, ...range });
    for await (const { events = [] } of pages) yield events.map(toEvent);
  };
}
