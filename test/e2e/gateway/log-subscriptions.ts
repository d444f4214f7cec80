import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { ACCOUNT_ID } from '#test/e2e/gateway/aws-call.ts';
import { jsonAnswer, jsonRefusal, type RawReply, type RawRequest } from '#test/e2e/gateway/raw-request.ts';
import type { Upstream } from '#test/e2e/gateway/upstream.ts';
import { matchesFilterPattern } from '#test/fakes/filter-pattern.ts';

/** Subscription filters of one group; the quota is fixed. @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html} */
const MAX_FILTERS = 2;

type Filter = {
  readonly filterName: string;
  readonly logGroupName: string;
  readonly filterPattern: string;
  readonly destinationArn: string;
  readonly distribution: 'ByLogStream';
  readonly creationTime: number;
};

const PutFilterSchema = v.strictObject({
  logGroupName: v.string(),
  filterName: v.string(),
  filterPattern: v.pipe(v.string(), v.maxLength(1_024)),
  destinationArn: v.pipe(v.string(), v.regex(/^arn:aws:lambda:[^:]+:\d{12}:function:[\w-]+$/)),
});

const PutEventsSchema = v.object({
  logGroupName: v.string(),
  logStreamName: v.string(),
  logEvents: v.array(v.object({ timestamp: v.number(), message: v.string() })),
});

type PutEvents = v.InferOutput<typeof PutEventsSchema>;

/** What the emulator lacks of CloudWatch Logs: the limit, the test of a destination, patterns, and delivery by them. */
export type LogSubscriptions = {
  /** Answers the call, or `null` for one that the emulator answers. */
  readonly answer: (operation: string, request: RawRequest) => Promise<RawReply | null>;
  /** Delivers the last batch of a group once more, as CloudWatch Logs may. */
  readonly redeliver: (logGroup: string) => Promise<void>;
  readonly filtersOf: (logGroup: string) => readonly Filter[];
};

function bodyOf<T>({ body }: RawRequest): T {
  return JSON.parse(body.toString('utf8')) as T;
}

/** 56 digits, rising, as the ids of real events. */
function createEventIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return (
      `38${String(Date.now())}${String(last)}`.padEnd(56, '0').slice(0, 56 - 12) +
      String(last).padStart(12, '0')
    );
  };
}

function statementsOf(policy: string): { Principal?: { Service?: string }; Condition?: unknown }[] {
  const { Policy } = JSON.parse(policy) as { Policy: string };
  return (JSON.parse(Policy) as { Statement: { Principal?: { Service?: string } }[] }).Statement;
}

/** CloudWatch Logs tries the destination when the filter is made. */
async function canInvoke(upstream: Upstream, destinationArn: string): Promise<boolean> {
  const name = destinationArn.split(':').at(-1) ?? '';
  try {
    const policy = await upstream.call('lambda', {
      method: 'GET',
      path: `/2015-03-31/functions/${name}/policy`,
      body: Buffer.alloc(0),
    });
    return statementsOf(policy).some(({ Principal }) => Principal?.Service === 'logs.amazonaws.com');
  } catch {
    return false; // no such function, or one without any permission: the same answer to the caller
  }
}

async function groupExists(upstream: Upstream, logGroupName: string): Promise<boolean> {
  const answer = await upstream.call('logs', {
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.DescribeLogGroups',
    },
    body: Buffer.from(JSON.stringify({ logGroupNamePrefix: logGroupName })),
  });
  const { logGroups } = JSON.parse(answer) as { logGroups: { logGroupName: string }[] };
  return logGroups.some((group) => group.logGroupName === logGroupName);
}

const NO_GROUP = () =>
  jsonRefusal(400, 'ResourceNotFoundException', 'The specified log group does not exist.');

export function createLogSubscriptions(upstream: Upstream): LogSubscriptions {
  const filters = new Map<string, Filter[]>();
  const lastBatches = new Map<string, PutEvents>();
  const nextId = createEventIds();
  const lastIds = new WeakMap<PutEvents, string[]>();

  async function putFilter(request: RawRequest): Promise<RawReply> {
    const parsed = v.safeParse(PutFilterSchema, bodyOf(request));
    if (!parsed.success) return jsonRefusal(400, 'InvalidParameterException', parsed.issues[0].message);
    const filter: Filter = { ...parsed.output, distribution: 'ByLogStream', creationTime: Date.now() };
    const { logGroupName, filterName, destinationArn } = filter;
    if (!(await groupExists(upstream, logGroupName))) return NO_GROUP();
    if (!(await canInvoke(upstream, destinationArn))) {
      return jsonRefusal(
        400,
        'InvalidParameterException',
        'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
      );
    }
    matchesFilterPattern(filter.filterPattern, ''); // refuses what is not understood here
    const others = (filters.get(logGroupName) ?? []).filter((other) => other.filterName !== filterName);
    if (others.length >= MAX_FILTERS) {
      return jsonRefusal(400, 'LimitExceededException', 'Resource limit exceeded.');
    }
    filters.set(logGroupName, [...others, filter]);
    return jsonAnswer(200, {}, '1.1');
  }

  async function describeFilters(request: RawRequest): Promise<RawReply> {
    const { logGroupName } = bodyOf<{ logGroupName: string }>(request);
    if (!(await groupExists(upstream, logGroupName))) return NO_GROUP();
    return jsonAnswer(200, { subscriptionFilters: filters.get(logGroupName) ?? [] }, '1.1');
  }

  async function deleteFilter(request: RawRequest): Promise<RawReply> {
    const { logGroupName, filterName } = bodyOf<{ logGroupName: string; filterName: string }>(request);
    const known = filters.get(logGroupName) ?? [];
    if (!known.some((filter) => filter.filterName === filterName)) return NO_GROUP();
    filters.set(
      logGroupName,
      known.filter((filter) => filter.filterName !== filterName),
    );
    return jsonAnswer(200, {}, '1.1');
  }

  async function deliver(batch: PutEvents, ids: readonly string[]): Promise<void> {
    for (const filter of filters.get(batch.logGroupName) ?? []) {
      const logEvents = batch.logEvents
        .map((event, index) => ({ id: ids[index], ...event }))
        .filter(({ message }) => matchesFilterPattern(filter.filterPattern, message));
      if (logEvents.length === 0) continue;
      const payload = {
        messageType: 'DATA_MESSAGE',
        owner: ACCOUNT_ID,
        logGroup: batch.logGroupName,
        logStream: batch.logStreamName,
        subscriptionFilters: [filter.filterName],
        logEvents,
      };
      const data = gzipSync(JSON.stringify(payload)).toString('base64');
      await upstream.call('lambda', {
        method: 'POST',
        path: `/2015-03-31/functions/${filter.destinationArn.split(':').at(-1)}/invocations`,
        headers: { 'x-amz-invocation-type': 'Event', 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ awslogs: { data } })),
      });
    }
  }

  async function putEvents(request: RawRequest): Promise<RawReply> {
    const reply = await upstream.forward(request);
    if (reply === 'drop' || reply.status !== 200) return reply;
    const batch = v.parse(PutEventsSchema, bodyOf(request));
    const ids = batch.logEvents.map(nextId);
    lastBatches.set(batch.logGroupName, batch);
    lastIds.set(batch, ids);
    await deliver(batch, ids);
    return reply;
  }

  const operations: Readonly<Record<string, (request: RawRequest) => Promise<RawReply>>> = {
    PutSubscriptionFilter: putFilter,
    DescribeSubscriptionFilters: describeFilters,
    DeleteSubscriptionFilter: deleteFilter,
    PutLogEvents: putEvents,
  };

  return {
    answer: async (operation, request) => (await operations[operation]?.(request)) ?? null,
    redeliver: async (logGroup) => {
      const batch = lastBatches.get(logGroup);
      if (batch === undefined) throw new Error(`Nothing was delivered from ${logGroup} yet`);
      await deliver(batch, lastIds.get(batch) ?? []);
    },
    filtersOf: (logGroup) => filters.get(logGroup) ?? [],
  };
}
