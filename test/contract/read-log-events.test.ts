import { afterEach, describe, expect, it } from 'vitest';
import { createReadLogEvents } from '#shared/adapters/cloudwatch-logs-read-log-events.ts';
import type { ReadLogEvents } from '#shared/application/ports.ts';
import {
  describeReadLogEvents,
  logEvent,
  rangeAfterNoon,
  readAll,
} from '#test/contract/read-log-events.contract.ts';
import { jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { type CloudWatchLogsServer, startCloudWatchLogs } from '#test/fakes/cloudwatch-logs-server.ts';
import {
  createLogGroupStore,
  createMemoryLogEvents,
  type LogGroupStore,
} from '#test/fakes/log-group-store.ts';

const PAGE_SIZE = 2;
const RANGE = rangeAfterNoon(0, 60_000);

const servers: CloudWatchLogsServer[] = [];

async function start(
  store: LogGroupStore,
  maxAttempts = 1,
): Promise<{ server: CloudWatchLogsServer; readLogEvents: ReadLogEvents }> {
  const server = await startCloudWatchLogs(store, [], PAGE_SIZE);
  servers.push(server);
  return { server, readLogEvents: createReadLogEvents(server.createClient(maxAttempts)) };
}

function storeWith(count: number): LogGroupStore {
  const store = createLogGroupStore();
  store.write(
    'orders',
    Array.from({ length: count }, (_, index) => logEvent(index)),
  );
  return store;
}

afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

describeReadLogEvents('memory-log-events', (store) => createMemoryLogEvents(store));
describeReadLogEvents('cloudwatch-logs-read-log-events', async (store) => (await start(store)).readLogEvents);

describe('cloudwatch-logs-read-log-events on the service', () => {
  it('readLogEvents() goes on after pages without events', async () => {
    const { server, readLogEvents } = await start(storeWith(5));
    const sizes: number[] = [];

    for await (const page of readLogEvents('orders', RANGE)) sizes.push(page.length);

    expect(sizes).toEqual([2, 0, 2, 0, 1]);
    expect(server.requests.map(({ body }) => (JSON.parse(body) as { limit: number }).limit)).toEqual(
      Array(5).fill(10_000),
    );
  });

  it('readLogEvents() asks for no page before it is wanted', async () => {
    const { server, readLogEvents } = await start(storeWith(100));

    for await (const page of readLogEvents('orders', RANGE)) if (page.length > 0) break;

    expect(server.requests).toHaveLength(1);
  });

  it('readLogEvents() repeats a call that is throttled, and gives each event once', async () => {
    const { server, readLogEvents } = await start(storeWith(5), 3);
    server.answerOnce(() => jsonError(400, 'ThrottlingException', 'Rate exceeded'));

    const events = await readAll(readLogEvents, 'orders', RANGE);

    expect(events).toEqual([0, 1, 2, 3, 4].map((afterMs) => logEvent(afterMs)));
    expect(server.requests).toHaveLength(6);
  });

  it.each([
    ['throttled at every attempt', 'ThrottlingException', 2],
    ['refused', 'AccessDeniedException', 1],
  ])('readLogEvents() throws after what it gave when a later page is %s', async (_, name, attempts) => {
    const { server, readLogEvents } = await start(storeWith(5), 2);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const page of readLogEvents('orders', RANGE)) {
        seen.push(page.length);
        for (let attempt = 0; attempt < attempts; attempt += 1)
          server.answerOnce(() => jsonError(400, name, 'no'));
      }
    })();

    await expect(reading).rejects.toMatchObject({ name });
    expect(seen).toEqual([2]);
    expect(server.requests).toHaveLength(1 + attempts);
  });

  it('readLogEvents() throws for an event that lacks what every event has', async () => {
    const { server, readLogEvents } = await start(storeWith(1));
    server.answerOnce(() => jsonReply({ events: [{ timestamp: 1, message: 'x', logStreamName: 's' }] }));

    await expect(readAll(readLogEvents, 'orders', RANGE)).rejects.toThrow(
      'CloudWatch Logs gave an event without id, timestamp, message or stream',
    );
  });
});
