import {
  type CloudWatchLogsClient,
  DeleteSubscriptionFilterCommand,
  LimitExceededException,
  PutSubscriptionFilterCommand,
  paginateDescribeLogGroups,
  paginateDescribeSubscriptionFilters,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroup, LogGroups } from '#shared/application/inventory-ports.ts';
import type { SubscriptionFilter } from '#shared/domain/subscriptions/subscription-filter.ts';

/** Log groups that were made before there were classes have none, and are of this one. */
const CLASS_WITH_FILTERS = 'STANDARD';

async function list(client: CloudWatchLogsClient, prefix: string): Promise<LogGroup[]> {
  const groups: LogGroup[] = [];
  // The service takes no empty prefix.
  const input = prefix === '' ? {} : { logGroupNamePrefix: prefix };
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, input)) {
    for (const { logGroupName: name, logGroupClass = CLASS_WITH_FILTERS } of logGroups) {
      if (name !== undefined) groups.push({ name, takesFilters: logGroupClass === CLASS_WITH_FILTERS });
    }
  }
  return groups;
}

async function readFilters(
  client: CloudWatchLogsClient,
  logGroupName: string,
): Promise<SubscriptionFilter[] | null> {
  const filters: SubscriptionFilter[] = [];
  try {
    const pages = paginateDescribeSubscriptionFilters({ client }, { logGroupName });
    for await (const { subscriptionFilters = [] } of pages) {
      for (const {
        filterName: name = '',
        filterPattern: pattern = '',
        destinationArn = '',
      } of subscriptionFilters)
        filters.push({ name, pattern, destinationArn });
    }
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
  return filters;
}

async function putFilter(
  client: CloudWatchLogsClient,
  logGroupName: string,
  { name: filterName, pattern: filterPattern, destinationArn }: SubscriptionFilter,
): Promise<'made' | 'no-group' | 'slots-taken'> {
  const input = { logGroupName, filterName, filterPattern, destinationArn };
  try {
    await client.send(new PutSubscriptionFilterCommand(input));
    return 'made';
  } catch (error) {
    // A function that is missing, or may not be invoked, is an InvalidParameterException: that is our own fault.
    if (error instanceof ResourceNotFoundException) return 'no-group';
    if (error instanceof LimitExceededException) return 'slots-taken';
    throw error;
  }
}

/**
 * Log groups and their subscription filters.
 *
 * @throws {Error} Each call, if CloudWatch Logs refuses it, cannot be reached, or cannot invoke a filter's function
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html}
 */
export function createLogGroups(client: CloudWatchLogsClient): LogGroups {
  return {
    list: (prefix) => list(client, prefix),
    readFilters: (group) => readFilters(client, group),
    putFilter: (group, filter) => putFilter(client, group, filter),
    deleteFilter: async (logGroupName, filterName) => {
      try {
        await client.send(new DeleteSubscriptionFilterCommand({ logGroupName, filterName }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}
