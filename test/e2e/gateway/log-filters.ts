import * as v from 'valibot';
import { jsonAnswer, jsonRefusal, type RawReply, type RawRequest } from '#test/e2e/gateway/raw-request.ts';
import type { Upstream } from '#test/e2e/gateway/upstream.ts';
import { FilterPatternError, matchesFilterPattern } from '#test/fakes/filter-pattern.ts';

/** Subscription filters of one group; the quota is fixed. @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html} */
const MAX_FILTERS = 2;

/** A subscription filter in CloudWatch Logs' own words. */
export type Filter = {
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
  filterPattern: v.pipe(
    v.string(),
    v.maxLength(1_024),
    v.check(isUnderstood, 'a pattern that the test gateway does not know'),
  ),
  destinationArn: v.pipe(v.string(), v.regex(/^arn:aws:lambda:[^:]+:\d{12}:function:[\w-]+$/)),
});

/** What the emulator lacks of subscription filters: their limit, and the test of a destination. */
export type LogFilters = {
  readonly put: (request: RawRequest) => Promise<RawReply>;
  readonly describe: (request: RawRequest) => Promise<RawReply>;
  readonly remove: (request: RawRequest) => Promise<RawReply>;
  readonly of: (logGroup: string) => readonly Filter[];
};

function isUnderstood(pattern: string): boolean {
  try {
    matchesFilterPattern(pattern, '');
    return true;
  } catch (error) {
    if (error instanceof FilterPatternError) return false;
    throw error;
  }
}

function bodyOf<T>({ body }: RawRequest): T {
  return JSON.parse(body.toString('utf8')) as T;
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

const NO_PERMISSION = () =>
  jsonRefusal(
    400,
    'InvalidParameterException',
    'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
  );

const NO_GROUP = () =>
  jsonRefusal(400, 'ResourceNotFoundException', 'The specified log group does not exist.');

/** Keeps subscription filters, and refuses those that AWS would refuse. */
export function createLogFilters(upstream: Upstream): LogFilters {
  const filters = new Map<string, Filter[]>();
  const known = (logGroup: string) => filters.get(logGroup) ?? [];
  return {
    of: known,
    put: async (request) => {
      const parsed = v.safeParse(PutFilterSchema, bodyOf(request));
      if (!parsed.success) return jsonRefusal(400, 'InvalidParameterException', parsed.issues[0].message);
      const filter: Filter = { ...parsed.output, distribution: 'ByLogStream', creationTime: Date.now() };
      const { logGroupName, filterName, destinationArn } = filter;
      if (!(await groupExists(upstream, logGroupName))) return NO_GROUP();
      if (!(await canInvoke(upstream, destinationArn))) return NO_PERMISSION();
      const others = known(logGroupName).filter((other) => other.filterName !== filterName);
      if (others.length >= MAX_FILTERS) {
        return jsonRefusal(400, 'LimitExceededException', 'Resource limit exceeded.');
      }
      filters.set(logGroupName, [...others, filter]);
      return jsonAnswer(200, {}, '1.1');
    },
    describe: async (request) => {
      const { logGroupName } = bodyOf<{ logGroupName: string }>(request);
      if (!(await groupExists(upstream, logGroupName))) return NO_GROUP();
      return jsonAnswer(200, { subscriptionFilters: known(logGroupName) }, '1.1');
    },
    remove: async (request) => {
      const { logGroupName, filterName } = bodyOf<{ logGroupName: string; filterName: string }>(request);
      const others = known(logGroupName).filter((filter) => filter.filterName !== filterName);
      if (others.length === known(logGroupName).length) return NO_GROUP();
      filters.set(logGroupName, others);
      return jsonAnswer(200, {}, '1.1');
    },
  };
}
