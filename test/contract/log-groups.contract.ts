import { beforeEach, describe, expect, it } from 'vitest';
import type { LogGroups } from '#shared/application/inventory-ports.ts';
import { createLogGroupStore, type LogGroupStore } from '#test/fakes/log-group-store.ts';

/** The function that exists. */
export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:ingest-access-logs';

const FILTER = { name: 'gatewatch-prod-access', pattern: '', destinationArn: FUNCTION_ARN };

function filter(name: string) {
  return { ...FILTER, name };
}

/**
 * What log groups do that take two filters each.
 *
 * @param createLogGroups - Makes the port over a store
 */
export function describeLogGroups(
  name: string,
  createLogGroups: (store: LogGroupStore) => LogGroups | Promise<LogGroups>,
): void {
  describe(name, () => {
    let store: LogGroupStore;
    let logGroups: LogGroups;

    beforeEach(async () => {
      store = createLogGroupStore(2);
      logGroups = await createLogGroups(store);
    });

    it('list() returns all groups with a prefix, page by page', async () => {
      const names = Array.from({ length: 7 }, (_, index) => `API-Gateway-Execution-Logs_a${index}/prod`);
      for (const group of [...names, 'API-Gateway', 'orders']) store.create(group);

      const listed = await logGroups.list('API-Gateway-Execution-Logs_');

      expect(listed).toEqual(names.map((group) => ({ name: group, takesFilters: true })));
      expect(await logGroups.list('users')).toEqual([]);
    });

    it('list() returns all groups for an empty prefix', async () => {
      for (const group of ['orders', 'users', 'chat']) store.create(group);

      expect((await logGroups.list('')).map((group) => group.name)).toEqual(['chat', 'orders', 'users']);
    });

    it.each([
      ['STANDARD', true],
      ['INFREQUENT_ACCESS', false],
      ['DELIVERY', false],
    ])('list() tells that groups of the class %s take filters: %j', async (logGroupClass, takesFilters) => {
      store.create('orders', logGroupClass);

      expect(await logGroups.list('orders')).toEqual([{ name: 'orders', takesFilters }]);
    });

    it('readFilters() returns null for no group, and an empty list for a group without any', async () => {
      store.create('orders');

      expect(await logGroups.readFilters('orders')).toEqual([]);
      expect(await logGroups.readFilters('users')).toBeNull();
    });

    it('putFilter() makes filters, which readFilters() returns with those of others', async () => {
      store.create('orders');
      const foreign = { ...filter('shipper'), pattern: '"ERROR"' };
      store.put('orders', foreign);

      expect(await logGroups.putFilter('orders', FILTER)).toBe('made');

      expect(await logGroups.readFilters('orders')).toEqual([foreign, FILTER]);
    });

    it('putFilter() replaces the filter of that name, also where all slots are taken', async () => {
      store.create('orders');
      store.put('orders', filter('shipper'));
      await logGroups.putFilter('orders', FILTER);
      const other = { ...FILTER, pattern: '?"429" ?"5"' };

      expect(await logGroups.putFilter('orders', other)).toBe('made');

      expect(await logGroups.readFilters('orders')).toContainEqual(other);
      expect(store.filterNames('orders')).toEqual([FILTER.name, 'shipper']);
    });

    it('putFilter() returns slots-taken where there is no room, and changes nothing', async () => {
      store.create('orders');
      for (const other of ['shipper-1', 'shipper-2']) store.put('orders', filter(other));

      expect(await logGroups.putFilter('orders', FILTER)).toBe('slots-taken');

      expect(store.filterNames('orders')).toEqual(['shipper-1', 'shipper-2']);
    });

    it('putFilter() returns no-group where there is none', async () => {
      expect(await logGroups.putFilter('orders', FILTER)).toBe('no-group');
    });

    it('deleteFilter() removes one filter, and accepts that it is not there, nor its group', async () => {
      store.create('orders');
      store.put('orders', filter('shipper'));
      await logGroups.putFilter('orders', FILTER);

      await logGroups.deleteFilter('orders', FILTER.name);
      await logGroups.deleteFilter('orders', FILTER.name);
      await logGroups.deleteFilter('users', FILTER.name);

      expect(store.filterNames('orders')).toEqual(['shipper']);
    });
  });
}
