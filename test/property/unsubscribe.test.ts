import fc from 'fast-check';
import { it } from 'vitest';
import { createUnsubscribeLogGroups } from '#shared/application/unsubscribe-log-groups.ts';
import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';
import { wantedSubscriptions } from '#shared/domain/subscriptions/wanted-subscriptions.ts';
import { createLogGroupStore, createMemoryLogGroups } from '#test/fakes/log-group-store.ts';
import { createStoredInventory } from '#test/fakes/stored-inventory.ts';
import { DESTINATIONS } from '#test/fakes/watched-account.ts';

/** List twice, four groups of a stage and their stage: enough for one stage each time. */
const LEAST_CALLS = 2 + 5;

const stageSettings = fc.record({
  apiType: fc.constantFrom('REST', 'HTTP', 'WEBSOCKET'),
  logGroup: fc.constantFrom(null, 'one', 'two', '/aws/apigateway/a0/prod'),
  hasExecutionLogs: fc.boolean(),
});

type Settings = typeof stageSettings extends fc.Arbitrary<infer T> ? T : never;

function toItem({ apiType, logGroup, hasExecutionLogs }: Settings, index: number): InventoryItem {
  const id = { apiId: `a${index}`, stage: 'prod' };
  const executionLogGroup = hasExecutionLogs ? `API-Gateway-Execution-Logs_a${index}/prod` : null;
  return { ...unlistedStage(id), apiType: apiType as 'REST', logGroup, executionLogGroup };
}

it('a removal that is cut short every time ends after as many attempts as there are stages, and leaves no filter', async () => {
  const budgets = fc.array(fc.integer({ min: LEAST_CALLS, max: 20 }), { minLength: 12, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(stageSettings, { maxLength: 12 }), budgets, async (settings, callsOf) => {
      const items = settings.map(toItem);
      const store = createLogGroupStore(5);
      for (const { group, filter } of wantedSubscriptions(items, DESTINATIONS)) {
        if (!store.groups.has(group)) store.create(group);
        store.put(group, filter);
      }
      let left = Number.POSITIVE_INFINITY;
      const hear = () => {
        left -= 1;
        if (left < 0) throw new Error('killed');
      };
      const { inventory, items: known } = createStoredInventory(hear);
      for (const item of items) await inventory.write(item);
      const logGroups = createMemoryLogGroups(store, hear);
      for (const calls of callsOf.slice(0, items.length)) {
        left = calls;
        // Everything anew, as in an attempt that CloudFormation begins.
        const unsubscribe = createUnsubscribeLogGroups({
          inventory,
          logGroups,
          stackName: DESTINATIONS.stackName,
        });
        await unsubscribe(() => true).catch(() => {});
      }
      return known().length === 0 && [...store.groups.values()].every(({ filters }) => filters.size === 0);
    }),
    { numRuns: 300 },
  );
});
