import { describe, expect, it } from 'vitest';
import { createUnsubscribeLogGroups } from '#shared/application/unsubscribe-log-groups.ts';
import { unlistedStage } from '#shared/domain/inventory/stage.ts';
import { createLogGroupStore, createMemoryLogGroups } from '#test/fakes/log-group-store.ts';

const EXECUTION = 'API-Gateway-Execution-Logs_a1/prod';
const STAGE = {
  ...unlistedStage({ apiId: 'a1', stage: 'prod' }),
  logGroup: 'orders',
  executionLogGroup: EXECUTION,
};

function createAccount(onCall?: (call: string) => void) {
  const store = createLogGroupStore();
  for (const group of ['orders', 'orders/Canary', EXECUTION, 'users']) {
    const logs = group.startsWith('API') ? 'execution' : 'access';
    store.create(group);
    store.put(group, { name: `gatewatch-prod-${logs}`, pattern: '', destinationArn: 'arn:aws:lambda:ours' });
    store.put(group, { name: 'shipper', pattern: '', destinationArn: 'arn:aws:lambda:theirs' });
  }
  const unsubscribe = createUnsubscribeLogGroups({
    readInventory: async () => [STAGE],
    logGroups: createMemoryLogGroups(store, onCall),
    stackName: 'gatewatch-prod',
  });
  return { store, unsubscribe };
}

describe('unsubscribeLogGroups()', () => {
  it('takes our filters from the existing groups of all stages, and no others', async () => {
    const { store, unsubscribe } = createAccount();

    expect(await unsubscribe()).toBe(3);

    for (const group of ['orders', 'orders/Canary', EXECUTION]) {
      expect(store.filterNames(group)).toEqual(['shipper']);
    }
    expect(store.filterNames('users')).toEqual(['gatewatch-prod-access', 'shipper']);
  });

  it('can be repeated', async () => {
    const { unsubscribe } = createAccount();
    await unsubscribe();

    expect(await unsubscribe()).toBe(3);
  });

  it('goes on after a group that fails, and throws at the end with its name and why', async () => {
    const denied = new Error('AccessDenied');
    const { store, unsubscribe } = createAccount((call) => {
      if (call.startsWith('deleteFilter orders ')) throw denied;
    });

    const error = await unsubscribe().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({
      message: '1 of 3 filters could not be deleted',
      errors: [{ message: 'Cannot unsubscribe log group orders', cause: denied }],
    });
    expect(store.filterNames(EXECUTION)).toEqual(['shipper']);
  });
});
