import { afterEach, describe, expect, it } from 'vitest';
import { createLogGroups } from '#shared/adapters/cloudwatch-logs-log-groups.ts';
import type { LogGroups } from '#shared/application/inventory-ports.ts';
import { describeLogGroups, FUNCTION_ARN } from '#test/contract/log-groups.contract.ts';
import { jsonError } from '#test/fakes/aws-protocol.ts';
import { type CloudWatchLogsServer, startCloudWatchLogs } from '#test/fakes/cloudwatch-logs-server.ts';
import {
  createLogGroupStore,
  createMemoryLogGroups,
  type LogGroupStore,
} from '#test/fakes/log-group-store.ts';

const PAGE_SIZE = 2;
const FILTER = { name: 'gatewatch-prod-access', pattern: '', destinationArn: FUNCTION_ARN };

const servers: CloudWatchLogsServer[] = [];

async function start(store: LogGroupStore): Promise<{ server: CloudWatchLogsServer; logGroups: LogGroups }> {
  const server = await startCloudWatchLogs(store, [FUNCTION_ARN], PAGE_SIZE);
  servers.push(server);
  return { server, logGroups: createLogGroups(server.createClient()) };
}

afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

describeLogGroups('memory-log-groups', (store) => createMemoryLogGroups(store));
describeLogGroups('cloudwatch-logs-log-groups', async (store) => (await start(store)).logGroups);

describe('cloudwatch-logs-log-groups on the service', () => {
  it('list() takes a group without a class as Standard, since it was made before there were classes', async () => {
    const store = createLogGroupStore();
    const { server, logGroups } = await start(store);
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    const body = JSON.stringify({ logGroups: [{ logGroupName: 'old', storedBytes: 1 }] });
    server.answerOnce(() => ({ status: 200, headers, body }));

    expect(await logGroups.list('old')).toEqual([{ name: 'old', takesFilters: true }]);
  });

  it('putFilter() throws when the function does not exist or may not be invoked', async () => {
    const store = createLogGroupStore();
    store.create('orders');
    const { logGroups } = await start(store);

    const put = logGroups.putFilter('orders', { ...FILTER, destinationArn: `${FUNCTION_ARN}-gone` });

    await expect(put).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Could not deliver test message to specified Lambda function',
    });
  });

  it.each([
    ['list', (logGroups: LogGroups) => logGroups.list('orders')],
    ['readFilters', (logGroups: LogGroups) => logGroups.readFilters('orders')],
    ['putFilter', (logGroups: LogGroups) => logGroups.putFilter('orders', FILTER)],
    ['deleteFilter', (logGroups: LogGroups) => logGroups.deleteFilter('orders', FILTER.name)],
  ])('%s() throws when it is refused', async (_, call) => {
    const { server, logGroups } = await start(createLogGroupStore());
    server.answerOnce(() => jsonError(400, 'AccessDeniedException', 'User is not authorized'));

    await expect(call(logGroups)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('list() throws when a later page cannot be read', async () => {
    const store = createLogGroupStore();
    for (const group of ['a1', 'a2', 'a3']) store.create(group);
    const { server, logGroups } = await start(store);
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    const body = JSON.stringify({ logGroups: [{ logGroupName: 'a1' }], nextToken: 'after-1' });
    server.answerOnce(() => ({ status: 200, headers, body }));
    server.answerOnce(() => jsonError(400, 'ThrottlingException', 'Rate exceeded'));

    await expect(logGroups.list('a')).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});
