import { beforeEach, describe, expect, it } from 'vitest';
import type { CrawlStore, InventoryStore } from '#shared/application/inventory-ports.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** A stage of which everything is known. */
export const PROD: InventoryItem = {
  apiId: 'a1b2c3',
  apiName: 'orders-api',
  apiType: 'REST',
  stage: 'prod',
  logGroup: '/aws/apigateway/orders-prod',
  limits: { rateRps: 2_000.5, burst: 500 },
  integrationTimeoutMs: 29_000,
  schemaVersion: 1,
  accessLogDestination: 'cloudwatch',
  format: '{"id":"$context.requestId"}',
  executionLogGroup: 'API-Gateway-Execution-Logs_a1b2c3/prod',
  executionLogLevel: 'ERROR',
  logsBodies: false,
  deploymentId: null,
  tracing: true,
  tags: { team: 'orders' },
  apiGatewayManaged: false,
};

type Stores = { readonly inventory: InventoryStore; readonly crawls: CrawlStore };

/**
 * What an inventory and its crawl do.
 *
 * @param createStores - Makes both, empty
 */
export function describeInventory(name: string, createStores: () => Stores | Promise<Stores>): void {
  describe(name, () => {
    let inventory: InventoryStore;
    let crawls: CrawlStore;

    beforeEach(async () => {
      ({ inventory, crawls } = await createStores());
    });

    it('list() returns every item as it was written', async () => {
      const dev: InventoryItem = {
        ...PROD,
        stage: 'dev',
        limits: null,
        logGroup: null,
        executionLogGroup: null,
      };
      await inventory.write(PROD);
      await inventory.write(dev);

      const { items, unreadableKeys } = await inventory.list();

      expect(unreadableKeys).toEqual([]);
      expect(items).toHaveLength(2);
      expect(items).toContainEqual(PROD);
      expect(items).toContainEqual(dev);
    });

    it('write() replaces the item of a stage', async () => {
      await inventory.write(PROD);
      await inventory.write({ ...PROD, apiName: 'renamed' });

      expect((await inventory.list()).items).toEqual([{ ...PROD, apiName: 'renamed' }]);
    });

    it('remove() removes one stage, and accepts that it is not there', async () => {
      await inventory.write(PROD);
      await inventory.write({ ...PROD, stage: 'dev' });

      await inventory.remove('a1b2c3/dev');
      await inventory.remove('a1b2c3/dev');

      expect((await inventory.list()).items).toEqual([PROD]);
    });

    it('list() leaves out what does not have the form of an item, and tells its key', async () => {
      await inventory.write(PROD);
      await inventory.write({ ...PROD, stage: 'dev', apiName: '' });
      await inventory.write({ ...PROD, stage: 'test', limits: { rateRps: -1, burst: 0 } });

      const { items, unreadableKeys } = await inventory.list();

      expect(items).toEqual([PROD]);
      expect([...unreadableKeys].sort()).toEqual(['a1b2c3/dev', 'a1b2c3/test']);
      await inventory.write({ ...PROD, stage: 'dev' });
      await inventory.remove('a1b2c3/test');
      expect((await inventory.list()).unreadableKeys).toEqual([]);
    });

    it('findProblem() names the field that would keep an item from being read', () => {
      expect(inventory.findProblem(PROD)).toBeNull();
      expect(inventory.findProblem({ ...PROD, integrationTimeoutMs: 0 })).toContain(
        'a1b2c3/prod: integrationTimeoutMs: ',
      );
      const limits = { rateRps: Number.NaN, burst: 0 };
      expect(inventory.findProblem({ ...PROD, limits })).toContain('a1b2c3/prod: limits.rateRps: ');
    });

    it('read() returns no crawl before the first one, and then the last that was written', async () => {
      expect(await crawls.read()).toBeNull();
      const { apiId, apiName, apiType } = PROD;

      await crawls.write({ startedAtMs: 1, pending: [{ apiId, apiName, apiType }] });
      expect(await crawls.read()).toEqual({ startedAtMs: 1, pending: [{ apiId, apiName, apiType }] });

      await crawls.write({ startedAtMs: 1, pending: [] });
      expect(await crawls.read()).toEqual({ startedAtMs: 1, pending: [] });
    });

    it('list() returns no crawl', async () => {
      await crawls.write({ startedAtMs: 1, pending: [] });
      await inventory.write(PROD);

      expect(await inventory.list()).toEqual({ items: [PROD], unreadableKeys: [] });
    });
  });
}
