import type { Crawl, CrawlStore, InventoryStore } from '#shared/application/ports.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** The inventory and its crawl in memory, kept as text like in a table; `onCall` hears of every call, and may throw. */
export function createStoredInventory(onCall: (call: string) => void = () => {}): {
  readonly inventory: InventoryStore;
  readonly crawls: CrawlStore;
  readonly items: () => InventoryItem[];
} {
  const documents = new Map<string, string>();
  let crawl: string | null = null;
  const items = () => [...documents.values()].map((document) => JSON.parse(document) as InventoryItem);
  return {
    items,
    inventory: {
      list: async () => {
        onCall('inventory.list');
        return items();
      },
      write: async (item) => {
        onCall(`inventory.write ${stageKey(item)}`);
        documents.set(stageKey(item), JSON.stringify(item));
      },
      remove: async (id) => {
        onCall(`inventory.remove ${stageKey(id)}`);
        documents.delete(stageKey(id));
      },
    },
    crawls: {
      read: async () => {
        onCall('crawls.read');
        return crawl === null ? null : (JSON.parse(crawl) as Crawl);
      },
      write: async (next) => {
        onCall(`crawls.write ${next.pending.length}`);
        crawl = JSON.stringify(next);
      },
    },
  };
}
