import { describe, expect, it } from 'vitest';
import { createWatchedAccount } from '#test/fakes/watched-account.ts';

/** One REST API whose stage logs to the group `orders`. */
function createOrdersAccount() {
  const account = createWatchedAccount();
  const orders = account.own('orders', 'REST', [{ logGroup: 'orders' }]);
  account.store.create('orders');
  return { account, orders };
}

describe('subscribeLogGroups() on the inventory', () => {
  it('writes every stage with the longest timeout of its API', async () => {
    const account = createWatchedAccount();
    account.own('orders', 'REST', [{ stage: 'prod' }, { stage: 'dev' }]).timeoutMs = 5_000;
    account.own('chat', 'WEBSOCKET', [{}]);

    const report = await account.run();

    expect(report).toMatchObject({ apis: 2, stages: 3, pending: 0 });
    expect(account.items()).toMatchObject([
      {
        apiId: 'orders',
        apiName: 'orders-api',
        stage: 'prod',
        integrationTimeoutMs: 5_000,
        schemaVersion: 1,
      },
      { apiId: 'orders', stage: 'dev', integrationTimeoutMs: 5_000 },
      { apiId: 'chat', apiType: 'WEBSOCKET', integrationTimeoutMs: 29_000 },
    ]);
  });

  it('writes nothing, and reads no definition of an API, when nothing changed', async () => {
    const { account } = createOrdersAccount();
    await account.run();
    account.calls.length = 0;

    await account.run();

    expect(account.calls.filter((call) => /write|remove|put|delete|Timeout/.test(call))).toEqual([]);
  });

  it('reads the timeout again after a deploy, and then only', async () => {
    const { account, orders } = createOrdersAccount();
    await account.run();
    orders.timeoutMs = 10_000;
    orders.stages = orders.stages.map((stage) => ({ ...stage, tags: { team: 'orders' } }));
    await account.run();
    expect(account.items()).toMatchObject([{ integrationTimeoutMs: 29_000, tags: { team: 'orders' } }]);

    orders.stages = orders.stages.map((stage) => ({ ...stage, deploymentId: 'deployment-2' }));
    await account.run();

    expect(account.items()).toMatchObject([{ integrationTimeoutMs: 10_000, deploymentId: 'deployment-2' }]);
  });

  it('keeps the timeout of a stage when only another one of its API was deployed', async () => {
    const account = createWatchedAccount();
    const orders = account.own('orders', 'REST', [{ stage: 'prod' }, { stage: 'dev' }]);
    await account.run();
    orders.timeoutMs = 10_000;
    const [prod, dev] = orders.stages;
    if (prod !== undefined && dev !== undefined) orders.stages = [prod, { ...dev, deploymentId: 'later' }];

    await account.run();

    expect(account.items().map(({ integrationTimeoutMs }) => integrationTimeoutMs)).toEqual([29_000, 10_000]);
  });

  it('removes stages and APIs that are gone', async () => {
    const { account, orders } = createOrdersAccount();
    account.own('users', 'HTTP', [{}, { stage: 'dev' }]);
    await account.run();
    orders.stages = [];
    account.apis.delete('users');

    const report = await account.run();

    expect(report.stages).toBe(0);
    expect(account.items()).toEqual([]);
  });

  it('removes nothing when the list of APIs could not be read to its end', async () => {
    const { account } = createOrdersAccount();
    await account.run();
    account.apis.clear();
    account.onCall = (call) => {
      if (call === 'listApis') throw new Error('throttled');
    };

    await expect(account.run()).rejects.toThrow('throttled');

    expect(account.items()).toHaveLength(1);
  });
});

describe('subscribeLogGroups() on time', () => {
  function createSlowAccount() {
    const account = createWatchedAccount({ callMs: 1_000 });
    for (let index = 0; index < 20; index += 1) account.own(`api-${index}`, 'HTTP', [{}]);
    return account;
  }

  it('ends in time, and goes on where it stopped without listing the APIs again', async () => {
    const account = createSlowAccount();

    const first = await account.run('auto', 30_000);
    account.calls.length = 0;
    const second = await account.run();

    expect(first.apis).toBeGreaterThan(0);
    expect(first.pending).toBe(20 - first.apis);
    expect(second).toMatchObject({ apis: first.pending, pending: 0, stages: 20 });
    expect(account.calls).not.toContain('listApis');
  });

  it('begins anew when a crawl is complete', async () => {
    const account = createSlowAccount();
    await account.run('auto', 30_000);
    await account.run();

    expect(await account.run()).toMatchObject({ apis: 20, pending: 0 });
  });

  it('loses half a minute of work at most when it is killed', async () => {
    const account = createSlowAccount();
    account.onCall = (call) => {
      if (call === 'inventory.write api-15/prod') throw new Error('killed');
    };
    await expect(account.run()).rejects.toThrow('killed');
    account.onCall = () => {};

    const resumed = await account.run();

    expect(account.calls.filter((call) => call === 'listApis')).toHaveLength(1);
    expect(resumed.apis).toBeLessThanOrEqual(15);
    expect(resumed).toMatchObject({ stages: 20, pending: 0 });
  });

  it('stops forgetting stages when time is up, and forgets the rest in a later crawl', async () => {
    const account = createSlowAccount();
    await account.run();
    account.apis.clear();

    const first = await account.run('auto', 10_000);
    expect(first.stages).toBeGreaterThan(0);
    expect(first.stages).toBeLessThan(20);

    expect(await account.run()).toMatchObject({ stages: 0 });
  });

  it('keeps no crawl that one run completes', async () => {
    const account = createWatchedAccount();
    account.own('orders', 'REST', [{}]);

    await account.run();

    expect(account.calls.filter((call) => call.startsWith('crawls.write'))).toEqual([]);
  });
});
