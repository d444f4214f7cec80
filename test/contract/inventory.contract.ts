import { beforeEach, describe, expect, it } from 'vitest';
import type { CrawlStore, InventoryStore } from '#shared/application/ports.ts';
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
  format: '{"id":"$context.requestId"}',
  executionLogGroup: 'API-Gateway-Execution-Logs_a1b2c3/prod',
  executionLogLevel: 'ERROR',
  logsBodies: false,
  deploymentId: null,
  tracing: true,
  tags: { team: 'orders' },
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

      const items = await inventory.list();

      expect(items).toHaveLength(2);
      expect(items).toContainEqual(PROD);
      expect(items).toContainEqual(dev);
    });

    it('write() replaces the item of a stage', async () => {
      await inventory.write(PROD);
      await inventory.write({ ...PROD, apiName: 'renamed' });

      expect(await inventory.list()).toEqual([{ ...PROD, apiName: 'renamed' }]);
    });

    it('remove() removes one stage, and accepts that it is not there', async () => {
      await inventory.write(PROD);
      await inventory.write({ ...PROD, stage: 'dev' });

      await inventory.remove({ apiId: PROD.apiId, stage: 'dev' });
      await inventory.remove({ apiId: PROD.apiId, stage: 'dev' });

      expect(await inventory.list()).toEqual([PROD]);
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

      expect(await inventory.list()).toEqual([PROD]);
    });
  });
}
