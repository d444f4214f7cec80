import { describe, expect, it } from 'vitest';
import type { DescribedStage } from '#shared/application/inventory-ports.ts';
import { createWatchedAccount, DESTINATIONS, OWN_PREFIX } from '#test/fakes/watched-account.ts';

const ACCESS = 'gatewatch-prod-access';
const EXECUTION = 'gatewatch-prod-execution';
const FOREIGN = { name: 'shipper', pattern: '', destinationArn: 'arn:aws:lambda:theirs' };

/** One REST API whose stage logs to the group `orders`. */
function createOrdersAccount() {
  const account = createWatchedAccount();
  const orders = account.own('orders', 'REST', [{ logGroup: 'orders' }]);
  account.store.create('orders');
  return { account, orders };
}

describe('subscribeLogGroups() on filters', () => {
  it('makes the filters of access and execution groups, and of their canaries, where they exist', async () => {
    const { account } = createOrdersAccount();
    for (const group of [
      'orders/Canary',
      'API-Gateway-Execution-Logs_orders/prod',
      'API-Gateway-Execution-Logs_orders/prod/Canary',
      'API-Gateway-Execution-Logs_unknown/prod',
    ]) {
      account.store.create(group);
    }

    const report = await account.run();

    expect(report).toMatchObject({ subscribed: 4, made: 4, replaced: 0, removed: 0, leftAlone: {} });
    expect(account.store.filterNames('orders')).toEqual([ACCESS]);
    expect(account.store.filterNames('orders/Canary')).toEqual([ACCESS]);
    expect(account.store.filterNames('API-Gateway-Execution-Logs_orders/prod')).toEqual([EXECUTION]);
    expect(account.store.filterNames('API-Gateway-Execution-Logs_orders/prod/Canary')).toEqual([EXECUTION]);
    expect(account.store.filterNames('API-Gateway-Execution-Logs_unknown/prod')).toEqual([]);
  });

  it('subscribes an execution group when it appears, without anything else having changed', async () => {
    const { account } = createOrdersAccount();
    await account.run();
    account.store.create('API-Gateway-Execution-Logs_orders/prod');

    expect(await account.run()).toMatchObject({ subscribed: 2, made: 1 });
  });

  it('lists the execution groups once a run', async () => {
    const account = createWatchedAccount();
    for (const id of ['a', 'b', 'c']) account.own(id, 'REST', [{}, { stage: 'dev' }]);
    const lists = () => account.calls.filter((call) => call.startsWith('list '));

    await account.run();
    expect(lists()).toEqual(['list API-Gateway-Execution-Logs_']);

    for (const id of ['d', 'e']) account.own(id, 'WEBSOCKET', [{}, { stage: 'dev' }]);
    account.calls.length = 0;
    await account.run();
    expect(lists()).toEqual(['list API-Gateway-Execution-Logs_', 'list /aws/apigateway/']);
  });

  it.each(['API-Gateway-Execution-Logs_chat/live', '/aws/apigateway/chat/live'])(
    'subscribes the execution group of a WebSocket stage under either name, and misses no other: %s',
    async (group) => {
      const account = createWatchedAccount();
      const chat = account.own('chat', 'WEBSOCKET', [{ stage: 'live' }]);
      account.store.create(group);

      expect(await account.run()).toMatchObject({ subscribed: 1, made: 1, leftAlone: {} });
      expect(account.store.filterNames(group)).toEqual([EXECUTION]);

      chat.stages = [];
      expect(await account.run()).toMatchObject({ removed: 1 });
      expect(account.store.filterNames(group)).toEqual([]);
    },
  );

  it('gives a group the filters that its stages want, whatever it is called', async () => {
    const account = createWatchedAccount();
    const group = '/aws/apigateway/chat/live';
    account.store.create(group);
    account.own('users', 'HTTP', [{ logGroup: group }]);
    await account.run();
    expect(account.store.filterNames(group)).toEqual([ACCESS]);

    account.own('chat', 'WEBSOCKET', [{ stage: 'live', logGroup: group }]);
    await account.run();
    expect(account.store.filterNames(group)).toEqual([ACCESS, EXECUTION]);
  });

  it('replaces a filter of ours that goes to a former function', async () => {
    const { account } = createOrdersAccount();
    account.store.put('orders', { name: ACCESS, pattern: '', destinationArn: 'arn:aws:lambda:old' });

    expect(await account.run()).toMatchObject({ made: 0, replaced: 1, subscribed: 1 });

    const filter = account.store.groups.get('orders')?.filters.get(ACCESS);
    expect(filter?.destinationArn).toBe(DESTINATIONS.accessLogsFunctionArn);
  });

  it('reports the groups that it leaves alone, by reason, ten names at most', async () => {
    const account = createWatchedAccount();
    const own = `${OWN_PREFIX}ingest-access-logs`;
    account.store.create(own);
    account.store.create('rare', 'INFREQUENT_ACCESS');
    account.store.create('full');
    account.store.put('full', FOREIGN);
    account.store.put('full', { ...FOREIGN, name: 'shipper-2' });
    for (const logGroup of [own, 'rare', 'full']) account.own(logGroup, 'HTTP', [{ logGroup }]);
    const missing = Array.from({ length: 12 }, (_, index) => `missing-${index}`);
    account.own(
      'many',
      'HTTP',
      missing.map((logGroup) => ({ stage: logGroup, logGroup })),
    );

    const { leftAlone, subscribed } = await account.run();

    expect(subscribed).toBe(0);
    expect(leftAlone).toEqual({
      'own-group': { count: 1, names: [own] },
      'log-class': { count: 1, names: ['rare'] },
      'slots-taken': { count: 1, names: ['full'] },
      'no-group': { count: 12, names: missing.slice(0, 10) },
    });
    expect(account.store.filterNames('full')).toEqual(['shipper', 'shipper-2']);
  });

  it('takes the filter away when a stage logs elsewhere, before it forgets the old group', async () => {
    const { account, orders } = createOrdersAccount();
    await account.run();
    account.store.create('new');
    orders.stages = orders.stages.map((stage) => ({ ...stage, logGroup: 'new' }));
    account.calls.length = 0;

    expect(await account.run()).toMatchObject({ made: 1, removed: 1 });

    expect(account.store.filterNames('orders')).toEqual([]);
    expect(account.store.filterNames('new')).toEqual([ACCESS]);
    expect(account.calls.filter((call) => /^(delete|put|inventory.write)/.test(call))).toEqual([
      `deleteFilter orders ${ACCESS}`,
      'inventory.write orders/prod',
      `putFilter new ${ACCESS}`,
    ]);
  });

  it('keeps the filter of a group that another stage writes to', async () => {
    const { account } = createOrdersAccount();
    account.own('users', 'HTTP', [{ logGroup: 'orders' }]);
    await account.run();
    account.apis.delete('orders');

    await account.run();

    expect(account.store.filterNames('orders')).toEqual([ACCESS]);
    account.apis.delete('users');
    await account.run();
    expect(account.store.filterNames('orders')).toEqual([]);
  });

  it('keeps the filter of a group that a stage left and another API still writes to', async () => {
    const { account, orders } = createOrdersAccount();
    account.own('users', 'HTTP', [{ logGroup: 'orders' }]);
    await account.run();
    orders.stages = orders.stages.map((stage) => ({ ...stage, logGroup: null }));

    expect(await account.run()).toMatchObject({ removed: 0, made: 0, subscribed: 1 });
  });

  it('never interrupts the filters of two stages that change groups with each other', async () => {
    const account = createWatchedAccount();
    for (const group of ['a', 'b']) account.store.create(group);
    const api = account.own('orders', 'HTTP', [
      { stage: 'one', logGroup: 'a' },
      { stage: 'two', logGroup: 'b' },
    ]);
    await account.run();
    api.stages = api.stages.map((stage) => ({ ...stage, logGroup: stage.stage === 'one' ? 'b' : 'a' }));

    expect(await account.run()).toMatchObject({ removed: 0, made: 0, subscribed: 2 });
  });

  it('takes a group that vanishes in between as missing', async () => {
    const { account } = createOrdersAccount();
    account.onCall = (call) => {
      if (call.startsWith('putFilter')) account.store.groups.delete('orders');
    };

    expect((await account.run()).leftAlone).toEqual({ 'no-group': { count: 1, names: ['orders'] } });
  });

  it('makes no filter in the mode manual, and looks at no log group of stages that stay', async () => {
    const { account } = createOrdersAccount();

    const report = await account.run('manual');
    await account.run('manual');

    expect(report).toMatchObject({ stages: 1, subscribed: 0, made: 0, removed: 0, leftAlone: {} });
    expect(account.store.filterNames('orders')).toEqual([]);
    expect(account.calls.filter((call) => /^list |Filter/.test(call))).toEqual([]);
  });

  it.each([
    ['goes', () => []],
    [
      'logs elsewhere',
      (stages: DescribedStage[]) => stages.map((stage) => ({ ...stage, logGroup: 'elsewhere' })),
    ],
  ])('takes the filter of our name away in the mode manual too when a stage %s', async (_, change) => {
    const { account, orders } = createOrdersAccount();
    account.store.create('elsewhere');
    account.store.put('orders', FOREIGN);
    account.store.put('orders', { name: ACCESS, pattern: '', destinationArn: 'arn:aws:lambda:by-hand' });
    await account.run('manual');
    expect(account.store.filterNames('orders')).toEqual([ACCESS, 'shipper']);
    orders.stages = change(orders.stages);

    expect(await account.run('manual')).toMatchObject({ removed: 1, made: 0, subscribed: 0 });

    expect(account.store.filterNames('orders')).toEqual(['shipper']);
    expect(account.store.filterNames('elsewhere')).toEqual([]);
  });
});
