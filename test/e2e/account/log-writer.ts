import { randomBytes } from 'node:crypto';
import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';

/** Above what one call takes. @see {@link https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html} */
const MAX_EVENTS_PER_CALL = 2_000;

/**
 * Writes events to a new stream of a group, as API Gateway does.
 *
 * @returns How many calls it took
 */
export async function writeLog(
  client: CloudWatchLogsClient,
  logGroupName: string,
  events: readonly InputLogEvent[],
): Promise<number> {
  const logStreamName = randomBytes(16).toString('hex');
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  let calls = 0;
  for (let start = 0; start < events.length; start += MAX_EVENTS_PER_CALL) {
    const logEvents = events.slice(start, start + MAX_EVENTS_PER_CALL);
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    calls += 1;
  }
  return calls;
}
