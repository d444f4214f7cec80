import { describe, expect, it } from 'vitest';
import { createWatchedAccount } from '#test/fakes/watched-account.ts';

const ACCESS = 'gatewatch-prod-access';
const TIMED_OUT = new Error('TimeoutError');

/** An API whose stage logs to the group `orders`. */
function createOrdersAccount(apiType: 'REST' | 'HTTP' = 'REST') {
  const account = createWatchedAccount();
  const orders = account.own('orders', apiType, [{ logGroup: 'orders' }]);
  account.store.create('orders');
  const failTimeouts = () => {
    account.onCall = (call) => {
      if (call.startsWith('readIntegrationTimeoutMs')) throw TIMED_OUT;
    };
  };
  const heal = () => {
    account.onCall = () => {};
  };
  return { account, orders, failTimeouts, heal };
}

describe('visitApi() where the integration timeout cannot be read', () => {
  it.each([
    ['REST', 29_000],
    ['HTTP', 30_000],
  ] as const)('stores and subscribes a new %s stage with the default', async (apiType, timeoutMs) => {
    const { account, failTimeouts } = createOrdersAccount(apiType);
    failTimeouts();

    const report = await account.run();

    expect(report).toMatchObject({
      unreadable: { count: 0 },
      unknownTimeouts: { count: 1, names: ['orders'] },
      readErrors: [TIMED_OUT],
      stages: 1,
    });
    expect(account.items()).toMatchObject([{ integrationTimeoutMs: timeoutMs }]);
    expect(account.store.filterNames('orders')).toEqual([ACCESS]);
  });

  it('keeps the known one, and stores what else is new', async () => {
    const { account, orders, failTimeouts } = createOrdersAccount();
    orders.timeoutMs = 5_000;
    await account.run();
    failTimeouts();
    orders.stages = orders.stages.map((stage) => ({ ...stage, deploymentId: 'd2', tags: { team: 'a' } }));

    await account.run();

    expect(account.items()).toMatchObject([{ integrationTimeoutMs: 5_000, tags: { team: 'a' } }]);
  });

  it('asks again at every visit until it is told, and then not', async () => {
    const { account, orders, failTimeouts, heal } = createOrdersAccount();
    const asked = () => account.calls.filter((call) => call.startsWith('readIntegrationTimeoutMs')).length;
    await account.run();
    orders.timeoutMs = 7_000;
    orders.stages = orders.stages.map((stage) => ({ ...stage, deploymentId: 'd2' }));
    failTimeouts();
    await account.run();
    await account.run();
    expect(asked()).toBe(3);

    heal();
    const report = await account.run();
    await account.run();

    expect(report.unknownTimeouts).toEqual({ count: 0, names: [] });
    expect(asked()).toBe(4);
    expect(account.items()).toMatchObject([{ integrationTimeoutMs: 7_000, deploymentId: 'd2' }]);
  });

  it('writes the same item once', async () => {
    const { account, failTimeouts } = createOrdersAccount();
    failTimeouts();
    await account.run();
    account.calls.length = 0;

    await account.run();

    expect(account.calls.filter((call) => call.startsWith('inventory.write'))).toEqual([]);
  });

  it('never takes that for an outage, however many APIs it is', async () => {
    const { account, failTimeouts } = createOrdersAccount();
    for (let index = 0; index < 12; index += 1) account.own(`api-${index}`, 'REST', [{}]);
    failTimeouts();

    const { unreadable, unknownTimeouts } = await account.run();

    expect(unreadable.count).toBe(0);
    expect(unknownTimeouts.count).toBe(13);
  });
});

describe('visitApi() on items that do not have the form of one', () => {
  it('takes an API that would become one as unreadable, naming the field, and changes nothing of it', async () => {
    const { account, orders } = createOrdersAccount();
    account.own('users', 'HTTP', [{}]);
    await account.run();
    orders.stages = orders.stages.map((stage) => ({
      ...stage,
      logGroup: 'elsewhere',
      limits: { rateRps: Number.NaN, burst: 1 },
    }));
    account.calls.length = 0;

    const report = await account.run();

    expect(report).toMatchObject({ unreadable: { count: 1, names: ['orders'] }, stages: 2 });
    expect(String(report.readErrors[0])).toContain('orders/prod: limits.rateRps: ');
    expect(account.store.filterNames('orders')).toEqual([ACCESS]);
    expect(account.calls.filter((call) => /write|remove|put|delete/.test(call))).toEqual([]);
  });

  it('reports stored ones by key, and overwrites them when their stage is visited', async () => {
    const { account } = createOrdersAccount();
    account.own('users', 'HTTP', [{}]);
    await account.run();
    account.documents.set('orders/prod', '{"apiId": "orders", "schemaVersion": 2}');

    const report = await account.run();

    expect(report).toMatchObject({ unreadableItems: { count: 1, names: ['orders/prod'] }, stages: 2 });
    expect(account.items()).toHaveLength(2);
    expect((await account.run()).unreadableItems).toEqual({ count: 0, names: [] });
  });

  it('removes those of stages and of APIs that are gone, and none that is no stage’s', async () => {
    const { account } = createOrdersAccount();
    for (const key of ['orders/gone', 'gone/prod', '#later', 'note']) account.documents.set(key, '{}');

    const report = await account.run();

    expect(report.unreadableItems.count).toBe(4);
    expect([...account.documents.keys()].sort()).toEqual(['#later', 'note', 'orders/prod']);
  });

  it('keeps those of an API that cannot be read', async () => {
    const { account } = createOrdersAccount();
    account.own('users', 'HTTP', [{}]);
    account.documents.set('orders/prod', 'no JSON');
    account.onCall = (call) => {
      if (call === 'readStages orders') throw new Error('AccessDenied');
    };

    await account.run();

    expect(account.documents.get('orders/prod')).toBe('no JSON');
  });
});
