import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import * as v from 'valibot';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import {
  type HttpServer,
  type ReceivedRequest,
  type Reply,
  startHttpServer,
} from '#test/fakes/http-server.ts';
import type { LogGroupStore } from '#test/fakes/log-group-store.ts';

const TARGET = 'Logs_20140328.';

const GroupName = v.pipe(v.string(), v.regex(/^[.\-_/#A-Za-z0-9]{1,512}$/));
const FilterName = v.pipe(v.string(), v.regex(/^[^:*]{1,512}$/));
const Time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Token = v.optional(v.pipe(v.string(), v.regex(/^after-\d+$/)));

const SCHEMAS = {
  DescribeLogGroups: v.strictObject({ logGroupNamePrefix: v.optional(GroupName), nextToken: Token }),
  DescribeSubscriptionFilters: v.strictObject({ logGroupName: GroupName, nextToken: Token }),
  PutSubscriptionFilter: v.strictObject({
    logGroupName: GroupName,
    filterName: FilterName,
    filterPattern: v.pipe(v.string(), v.maxLength(1_024)),
    destinationArn: v.pipe(v.string(), v.startsWith('arn:aws:')),
  }),
  DeleteSubscriptionFilter: v.strictObject({ logGroupName: GroupName, filterName: FilterName }),
  FilterLogEvents: v.pipe(
    v.strictObject({
      logGroupName: GroupName,
      startTime: Time,
      endTime: Time,
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
      nextToken: Token,
    }),
    v.check(({ startTime, endTime }) => startTime <= endTime, 'startTime is after endTime'),
  ),
};

function pageOf<T>(all: readonly T[], token: string | undefined, size: number) {
  const from = Number((token ?? 'after-0').slice('after-'.length));
  const to = from + size;
  return { page: all.slice(from, to), ...(to < all.length && { nextToken: `after-${to}` }) };
}

type Actions = {
  readonly [Name in keyof typeof SCHEMAS]: (input: v.InferOutput<(typeof SCHEMAS)[Name]>) => Reply;
};

const NO_GROUP = () => jsonError(400, 'ResourceNotFoundException', 'The specified log group does not exist.');

/** A search goes through the group in steps: between pages with events come pages without, as from the service. */
function filterLogEvents(
  store: LogGroupStore,
  pageSize: number,
  { logGroupName, startTime, endTime, limit, nextToken }: v.InferOutput<typeof SCHEMAS.FilterLogEvents>,
): Reply {
  const found = store.find(logGroupName, startTime, endTime);
  if (found === null) return NO_GROUP();
  const nothing: null[] = Array(pageSize).fill(null);
  const searched = found.flatMap((event, index) =>
    index > 0 && index % pageSize === 0 ? [...nothing, event] : [event],
  );
  const { page, ...rest } = pageOf(searched, nextToken, Math.min(pageSize, limit));
  const events = page
    .filter((event) => event !== null)
    .map(({ id: eventId, logStream: logStreamName, timestamp, message }) => ({
      eventId,
      logStreamName,
      timestamp,
      message,
      ingestionTime: timestamp + 1_000,
    }));
  return jsonReply({ events, searchedLogStreams: [], ...rest });
}

function createActions(store: LogGroupStore, functionArns: readonly string[], pageSize: number): Actions {
  return {
    DescribeLogGroups: ({ logGroupNamePrefix = '', nextToken }) => {
      const all = [...store.groups]
        .filter(([name]) => name.startsWith(logGroupNamePrefix))
        .map(([logGroupName, { logGroupClass }]) => ({ logGroupName, logGroupClass, storedBytes: 0 }))
        .sort((a, b) => (a.logGroupName < b.logGroupName ? -1 : 1));
      const { page: logGroups, ...rest } = pageOf(all, nextToken, pageSize);
      return jsonReply({ logGroups, ...rest });
    },
    DescribeSubscriptionFilters: ({ logGroupName, nextToken }) => {
      const filters = store.groups.get(logGroupName)?.filters;
      if (filters === undefined) return NO_GROUP();
      const { page, ...rest } = pageOf([...filters.values()], nextToken, pageSize);
      const subscriptionFilters = page.map(({ name, pattern, destinationArn }) => ({
        filterName: name,
        logGroupName,
        filterPattern: pattern,
        destinationArn,
        distribution: 'ByLogStream',
      }));
      return jsonReply({ subscriptionFilters, ...rest });
    },
    PutSubscriptionFilter: ({ logGroupName, filterName: name, filterPattern: pattern, destinationArn }) => {
      if (!functionArns.includes(destinationArn)) {
        const message = 'Could not deliver test message to specified Lambda function';
        return jsonError(400, 'InvalidParameterException', message);
      }
      const answer = store.put(logGroupName, { name, pattern, destinationArn });
      if (answer === 'no-group') return NO_GROUP();
      if (answer === 'slots-taken')
        return jsonError(400, 'LimitExceededException', 'Resource limit exceeded.');
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' } };
    },
    DeleteSubscriptionFilter: ({ logGroupName, filterName }) => {
      const isGone = store.groups.get(logGroupName)?.filters.delete(filterName) ?? false;
      if (isGone) return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' } };
      return jsonError(400, 'ResourceNotFoundException', 'The specified subscription filter does not exist.');
    },
    FilterLogEvents: (input) => filterLogEvents(store, pageSize, input),
  };
}

function answerOne<Name extends keyof typeof SCHEMAS>(actions: Actions, name: Name, body: unknown): Reply {
  const parsed = v.safeParse(SCHEMAS[name], body);
  if (!parsed.success) return jsonError(400, 'InvalidParameterException', parsed.issues[0].message);
  return (actions[name] as (input: unknown) => Reply)(parsed.output);
}

export type CloudWatchLogsServer = HttpServer & {
  /** A client of this server. */
  readonly createClient: (maxAttempts?: number) => CloudWatchLogsClient;
};

/**
 * Starts what Gatewatch uses of CloudWatch Logs. Whatever it does not know it refuses.
 *
 * @param functionArns - The functions that exist and may be invoked
 * @param pageSize - AWS gives 50 at a time
 */
export async function startCloudWatchLogs(
  store: LogGroupStore,
  functionArns: readonly string[],
  pageSize = 50,
  onCall: (request: ReceivedRequest) => void = () => {},
): Promise<CloudWatchLogsServer> {
  const actions = createActions(store, functionArns, pageSize);
  const server = await startHttpServer((request) => {
    onCall(request);
    const isJson = request.headers['content-type'] === 'application/x-amz-json-1.1';
    const name = String(request.headers['x-amz-target']).slice(TARGET.length);
    if (!isJson || !Object.hasOwn(SCHEMAS, name)) return jsonError(400, 'UnknownOperationException');
    return answerOne(actions, name as keyof typeof SCHEMAS, JSON.parse(request.body));
  });
  return {
    ...server,
    createClient: (maxAttempts) => new CloudWatchLogsClient(clientConfig(server.url, maxAttempts)),
  };
}
