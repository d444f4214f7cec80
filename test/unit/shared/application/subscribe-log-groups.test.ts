import { describe, expect, it } from 'vitest';
import type { DescribedStage } from '#shared/application/ports.ts';
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

describe('subscribeLogGroups() on errors', () => {
  it('reports an API that cannot be read, keeps what is known of it, and goes on', async () => {
    const { account, orders } = createOrdersAccount();
    account.own('users', 'HTTP', [{}]);
    await account.run();
    orders.stages = [];
    const denied = new Error('AccessDenied');
    account.onCall = (call) => {
      if (call === 'readStages orders') throw denied;
    };

    const report = await account.run();

    expect(report).toMatchObject({
      apis: 2,
      unreadable: { count: 1, names: ['orders'] },
      stages: 2,
      pending: 0,
    });
    expect(report.readErrors).toEqual([denied]);
    expect(account.store.filterNames('orders')).toEqual([ACCESS]);
  });

  it('throws when none of the APIs can be read', async () => {
    const { account } = createOrdersAccount();
    account.onCall = (call) => {
      if (call.startsWith('readStages')) throw new Error('no network');
    };

    await expect(account.run()).rejects.toThrow('API Gateway could be asked about none of 1 APIs');
  });

  it('stops after ten APIs of which none can be read, and tries the others next time', async () => {
    const account = createWatchedAccount();
    for (let index = 0; index < 25; index += 1) account.own(`api-${index}`, 'HTTP', [{}]);
    account.onCall = (call) => {
      if (call.startsWith('readStages')) throw new Error('no network');
    };

    await expect(account.run()).rejects.toThrow('none of 10 APIs');
    account.onCall = () => {};

    expect(await account.run()).toMatchObject({ apis: 15, stages: 15 });
    expect(await account.run()).toMatchObject({ apis: 25, stages: 25 });
  });

  it('stops after ten APIs in a row that cannot be read, also where others could be before', async () => {
    const account = createWatchedAccount();
    for (let index = 0; index < 30; index += 1) account.own(`api-${index}`, 'HTTP', [{}]);
    account.onCall = (call) => {
      if (/^readStages api-(9|1\d|2\d)$/.test(call)) throw new Error('no network');
    };

    await expect(account.run()).rejects.toThrow('none of 10 APIs in a row');
    account.onCall = () => {};

    expect(await account.run()).toMatchObject({ apis: 11, pending: 0 });
  });

  it('goes on, and tells how many, where more than ten APIs cannot be read but not in a row', async () => {
    const account = createWatchedAccount();
    for (let index = 0; index < 40; index += 1) account.own(`api-${index}`, 'HTTP', [{}]);
    account.onCall = (call) => {
      if (/^readStages api-\d*[0-8]$/.test(call)) throw new Error('AccessDenied');
    };

    expect(await account.run()).toMatchObject({ apis: 40, unreadable: { count: 36 }, pending: 0 });
  });

  it('does not fail when all that was left of a crawl is one API that cannot be read', async () => {
    const account = createWatchedAccount({ callMs: 1_000 });
    account.own('users', 'HTTP', [{}]);
    account.own('orders', 'HTTP', [{}]);
    account.onCall = (call) => {
      if (call === 'readStages orders') throw new Error('AccessDenied');
    };
    await account.run('auto', 5_000);

    expect(await account.run()).toMatchObject({ apis: 1, unreadable: { count: 1 }, pending: 0 });
  });

  it('goes on after a log group that fails, and reports why', async () => {
    const { account } = createOrdersAccount();
    account.store.create('users');
    account.own('users', 'HTTP', [{ logGroup: 'users' }]);
    const missing = new Error('Could not deliver test message to specified Lambda function');
    account.onCall = (call) => {
      if (call.startsWith('putFilter orders ')) throw missing;
    };

    const report = await account.run();

    expect(report).toMatchObject({ subscribed: 1, made: 1, failed: 1 });
    expect(report.subscriptionErrors).toMatchObject([
      { message: 'Cannot subscribe log group orders', cause: missing },
    ]);
    expect(account.store.filterNames('users')).toEqual([ACCESS]);
  });

  it('keeps the item of a stage whose filter could not be taken away, and tries again', async () => {
    const { account, orders } = createOrdersAccount();
    await account.run();
    orders.stages = [];
    account.onCall = (call) => {
      if (call.startsWith('deleteFilter')) throw new Error('throttled');
    };

    const report = await account.run();

    expect(report).toMatchObject({ stages: 1, removed: 0, failed: 1 });
    expect(report.subscriptionErrors).toHaveLength(1);
    account.onCall = () => {};
    expect(await account.run()).toMatchObject({ stages: 0, removed: 1, failed: 0 });
  });

  it('throws when the inventory cannot be kept', async () => {
    const { account } = createOrdersAccount();
    account.onCall = (call) => {
      if (call.startsWith('inventory.write')) throw new Error('no table');
    };

    await expect(account.run()).rejects.toThrow('no table');
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
