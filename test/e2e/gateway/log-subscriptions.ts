import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { ACCOUNT_ID } from '#test/e2e/gateway/aws-call.ts';
import { createLogFilters, type Filter } from '#test/e2e/gateway/log-filters.ts';
import { answerFilterLogEvents } from '#test/e2e/gateway/log-pages.ts';
import type { RawReply, RawRequest } from '#test/e2e/gateway/raw-request.ts';
import type { Upstream } from '#test/e2e/gateway/upstream.ts';
import { matchesFilterPattern } from '#test/fakes/filter-pattern.ts';

const PutEventsSchema = v.object({
  logGroupName: v.string(),
  logStreamName: v.string(),
  logEvents: v.array(v.object({ timestamp: v.number(), message: v.string() })),
});

/** One call's events, each with its id. */
type Batch = {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logEvents: readonly {
    readonly id: string;
    readonly timestamp: number;
    readonly message: string;
  }[];
};

/** What the emulator lacks of CloudWatch Logs: filters with limit and pattern, the delivery of what passes them, and pages. */
export type LogSubscriptions = {
  /** Answers the call, or `null` for one that the emulator answers. */
  readonly answer: (operation: string, request: RawRequest) => Promise<RawReply | null>;
  /** Delivers the last batch of a group once more, as CloudWatch Logs may. */
  readonly redeliver: (logGroup: string) => Promise<void>;
  readonly filtersOf: (logGroup: string) => readonly Filter[];
};

/** 56 digits, rising, as the ids of real events. */
function createEventIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `38${Date.now()}`.padEnd(44, '0') + String(last).padStart(12, '0');
  };
}

/** The event that the destination gets: gzip in base64, asynchronously. */
function envelopeOf({ logGroupName, logStreamName, logEvents }: Batch, filter: Filter): string {
  const payload = {
    messageType: 'DATA_MESSAGE',
    owner: ACCOUNT_ID,
    logGroup: logGroupName,
    logStream: logStreamName,
    subscriptionFilters: [filter.filterName],
    logEvents,
  };
  const data = gzipSync(JSON.stringify(payload)).toString('base64');
  return JSON.stringify({ awslogs: { data } });
}

async function deliver(upstream: Upstream, batch: Batch, filter: Filter): Promise<void> {
  const logEvents = batch.logEvents.filter(({ message }) =>
    matchesFilterPattern(filter.filterPattern, message),
  );
  if (logEvents.length === 0) return;
  await upstream.call('lambda', {
    method: 'POST',
    path: `/2015-03-31/functions/${filter.destinationArn.split(':').at(-1)}/invocations`,
    headers: { 'x-amz-invocation-type': 'Event', 'content-type': 'application/json' },
    body: Buffer.from(envelopeOf({ ...batch, logEvents }, filter)),
  });
}

/** Stands between those who write logs and the emulator, which keeps them. */
export function createLogSubscriptions(upstream: Upstream): LogSubscriptions {
  const filters = createLogFilters(upstream);
  const lastBatches = new Map<string, Batch>();
  const nextId = createEventIds();

  async function deliverToAll(batch: Batch): Promise<void> {
    for (const filter of filters.of(batch.logGroupName)) await deliver(upstream, batch, filter);
  }

  async function putEvents(request: RawRequest): Promise<RawReply> {
    const reply = await upstream.forward(request);
    if (typeof reply === 'string' || reply.status !== 200) return reply;
    const { logEvents, ...rest } = v.parse(PutEventsSchema, JSON.parse(request.body.toString('utf8')));
    const batch = { ...rest, logEvents: logEvents.map((event) => ({ id: nextId(), ...event })) };
    lastBatches.set(batch.logGroupName, batch);
    await deliverToAll(batch);
    return reply;
  }

  const operations: Readonly<Record<string, (request: RawRequest) => Promise<RawReply>>> = {
    PutSubscriptionFilter: filters.put,
    DescribeSubscriptionFilters: filters.describe,
    DeleteSubscriptionFilter: filters.remove,
    FilterLogEvents: (request) => answerFilterLogEvents(upstream, request),
    PutLogEvents: putEvents,
  };

  return {
    answer: async (operation, request) => (await operations[operation]?.(request)) ?? null,
    redeliver: async (logGroup) => {
      const batch = lastBatches.get(logGroup);
      if (batch === undefined) throw new Error(`Nothing was delivered from ${logGroup} yet`);
      await deliverToAll(batch);
    },
    filtersOf: filters.of,
  };
}
