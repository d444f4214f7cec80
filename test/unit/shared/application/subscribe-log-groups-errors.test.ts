import { describe, expect, it } from 'vitest';
import { createWatchedAccount } from '#test/fakes/watched-account.ts';

const ACCESS = 'gatewatch-prod-access';

/** One REST API whose stage logs to the group `orders`. */
function createOrdersAccount() {
  const account = createWatchedAccount();
  const orders = account.own('orders', 'REST', [{ logGroup: 'orders' }]);
  account.store.create('orders');
  return { account, orders };
}

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
