import { describe, expect, it } from 'vitest';
import { createUnsubscribeLogGroups } from '#shared/application/unsubscribe-log-groups.ts';
import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';
import { createLogGroupStore, createMemoryLogGroups } from '#test/fakes/log-group-store.ts';
import { createStoredInventory } from '#test/fakes/stored-inventory.ts';

const EXECUTION = 'API-Gateway-Execution-Logs_a1/prod';
const STAGE: InventoryItem = {
  ...unlistedStage({ apiId: 'a1', stage: 'prod' }),
  logGroup: 'orders',
  executionLogGroup: EXECUTION,
};

const always = () => true;

async function createAccount(stages = [STAGE]) {
  const store = createLogGroupStore();
  const account = { store, calls: [] as string[], onCall: (_call: string): void => {} };
  const hear = (call: string): void => {
    account.calls.push(call);
    account.onCall(call);
  };
  const own = (group: string, logs: 'access' | 'execution') => {
    store.create(group);
    store.put(group, { name: `gatewatch-prod-${logs}`, pattern: '', destinationArn: 'arn:aws:lambda:ours' });
    store.put(group, { name: 'shipper', pattern: '', destinationArn: 'arn:aws:lambda:theirs' });
  };
  for (const group of ['orders', 'orders/Canary', 'users']) own(group, 'access');
  own(EXECUTION, 'execution');
  const { inventory, documents, items } = createStoredInventory(hear);
  for (const stage of stages) await inventory.write(stage);
  account.calls.length = 0;
  const unsubscribe = createUnsubscribeLogGroups({
    inventory,
    logGroups: createMemoryLogGroups(store, hear),
    stackName: 'gatewatch-prod',
  });
  return Object.assign(account, { own, documents, items, unsubscribe });
}

describe('unsubscribeLogGroups()', () => {
  it('takes our filters from the existing groups of all stages, and no others', async () => {
    const { store, unsubscribe } = await createAccount();

    expect(await unsubscribe(always)).toEqual({ logGroups: 3, unreadableItems: { count: 0, names: [] } });

    for (const group of ['orders', 'orders/Canary', EXECUTION]) {
      expect(store.filterNames(group)).toEqual(['shipper']);
    }
    expect(store.filterNames('users')).toEqual(['gatewatch-prod-access', 'shipper']);
  });

  it('looks at both groups that a WebSocket stage may log to', async () => {
    const account = await createAccount([{ ...STAGE, apiType: 'WEBSOCKET', logGroup: 'users' }]);
    account.own('/aws/apigateway/a1/prod', 'execution');

    await account.unsubscribe(always);

    expect(account.store.filterNames('/aws/apigateway/a1/prod')).toEqual(['shipper']);
    expect(account.store.filterNames(EXECUTION)).toEqual(['shipper']);
  });

  it('forgets each stage after its filters, so that a repeated removal has less to do', async () => {
    const stages = ['a', 'b', 'c'].map((stage) => ({ ...STAGE, stage, logGroup: stage }));
    const account = await createAccount(stages);
    for (const { stage } of stages) account.own(stage, 'access');
    const filterCalls = () => account.calls.filter((call) => call.startsWith('deleteFilter'));
    account.onCall = (call) => {
      if (call.startsWith('deleteFilter c ')) throw new Error('killed');
    };
    await account.unsubscribe(always).catch(() => {});
    expect(account.items().map(({ stage }) => stage)).toEqual(['c']);
    expect(account.calls.indexOf('inventory.remove a1/a')).toBeGreaterThan(
      account.calls.indexOf('deleteFilter a gatewatch-prod-access'),
    );
    account.calls.length = 0;
    account.onCall = () => {};

    await account.unsubscribe(always);

    expect(filterCalls()).toEqual([
      'deleteFilter c gatewatch-prod-access',
      `deleteFilter ${EXECUTION} gatewatch-prod-execution`,
    ]);
    expect(account.items()).toEqual([]);
  });

  it('asks once for a filter that several stages share, and keeps all of them if it stays', async () => {
    const stages = ['a', 'b'].map((stage) => ({ ...STAGE, stage, executionLogGroup: null }));
    const account = await createAccount(stages);
    account.onCall = (call) => {
      if (call.startsWith('deleteFilter orders ')) throw new Error('AccessDenied');
    };

    await expect(account.unsubscribe(always)).rejects.toThrow('1 of 2 filters could not be deleted');

    expect(account.calls.filter((call) => call.startsWith('deleteFilter orders '))).toHaveLength(1);
    expect(account.items()).toHaveLength(2);
  });

  it('does nothing more when it is repeated', async () => {
    const { calls, unsubscribe } = await createAccount();
    await unsubscribe(always);
    calls.length = 0;

    expect(await unsubscribe(always)).toMatchObject({ logGroups: 0 });
    expect(calls).toEqual(['inventory.list']);
  });

  it('stops when its time is over, and leaves the rest for a repeated removal', async () => {
    const stages = ['a', 'b', 'c'].map((stage) => ({ ...STAGE, stage }));
    const account = await createAccount(stages);
    let left = 2;

    await account.unsubscribe(() => left-- > 0);

    expect(account.items().map(({ stage }) => stage)).toEqual(['c']);
  });

  it('goes on after a group that fails, and throws at the end with its name and why', async () => {
    const denied = new Error('AccessDenied');
    const account = await createAccount();
    account.onCall = (call) => {
      if (call.startsWith('deleteFilter orders ')) throw denied;
    };

    const error = await account.unsubscribe(always).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({
      message: '1 of 3 filters could not be deleted: orders',
      errors: [{ message: 'Cannot unsubscribe log group orders', cause: denied }],
    });
    expect(account.store.filterNames(EXECUTION)).toEqual(['shipper']);
  });

  it('leaves out items that cannot be read, and tells their keys', async () => {
    const account = await createAccount();
    account.documents.set('b2/prod', '{"schemaVersion": 2}');

    expect(await account.unsubscribe(always)).toMatchObject({
      logGroups: 3,
      unreadableItems: { count: 1, names: ['b2/prod'] },
    });
    expect(account.store.filterNames('orders')).toEqual(['shipper']);
  });
});
