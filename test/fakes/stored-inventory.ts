import type { Crawl, CrawlStore, InventoryStore } from '#shared/application/inventory-ports.ts';
import { InventoryError, parseInventoryItem } from '#shared/config/inventory.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** The item that a text holds, or what is wrong with it. */
function read(key: string, document: string): InventoryItem | InventoryError {
  try {
    return parseInventoryItem(JSON.parse(document), `inventory item ${key}`);
  } catch (error) {
    return error instanceof InventoryError ? error : new InventoryError(`inventory item ${key}: no JSON`);
  }
}

/** The inventory and its crawl in memory, kept as text like in a table; `onCall` hears of every call, and may throw. */
export function createStoredInventory(onCall: (call: string) => void = () => {}): {
  readonly inventory: InventoryStore;
  readonly crawls: CrawlStore;
  /** Those that can be read. */
  readonly items: () => InventoryItem[];
  /** Texts by key; a test may change them. */
  readonly documents: Map<string, string>;
} {
  const documents = new Map<string, string>();
  let crawl: string | null = null;
  const list = () => [...documents].map(([key, document]) => ({ key, item: read(key, document) }));
  const items = () => list().flatMap(({ item }) => (item instanceof InventoryError ? [] : [item]));
  return {
    items,
    documents,
    inventory: {
      list: async () => {
        onCall('inventory.list');
        const unreadable = list().filter(({ item }) => item instanceof InventoryError);
        return { items: items(), unreadableKeys: unreadable.map(({ key }) => key) };
      },
      findProblem: (item) => {
        const parsed = read(stageKey(item), JSON.stringify(item));
        return parsed instanceof InventoryError ? parsed.message : null;
      },
      write: async (item) => {
        onCall(`inventory.write ${stageKey(item)}`);
        documents.set(stageKey(item), JSON.stringify(item));
      },
      remove: async (key) => {
        onCall(`inventory.remove ${key}`);
        documents.delete(key);
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
