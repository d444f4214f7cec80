import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { scanInventory } from '#shared/adapters/dynamodb-inventory.ts';
import type { ReadInventory } from '#shared/application/inventory-ports.ts';
import type { Now } from '#shared/application/ports.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Readers may be this far behind: stages come and go rarely. */
const CACHE_MS = 5 * 60_000;

/**
 * Reads the inventory from a DynamoDB table with the partition key `key` and one document per stage; kept for five
 * minutes across invocations. Items that cannot be read are left out: the other stages are counted and judged without
 * them, until `subscribe-log-groups` has written them anew.
 *
 * @param tellUnreadable - Hears the keys of the items that were left out, whenever the table was read and there were any
 */
export function createDynamoDbReadInventory(
  client: DynamoDBClient,
  tableName: string,
  now: Now,
  tellUnreadable: (keys: readonly string[]) => void,
): ReadInventory {
  let cached: { readonly items: readonly InventoryItem[]; readonly untilMs: number } | null = null;
  return async () => {
    const nowMs = now().getTime();
    if (cached !== null && cached.untilMs > nowMs) return cached.items;
    const { items, unreadableKeys } = await scanInventory(client, tableName, false);
    if (unreadableKeys.length > 0) tellUnreadable(unreadableKeys);
    // An empty inventory is one that is just being made: the next reader looks again.
    if (items.length > 0) cached = { items, untilMs: nowMs + CACHE_MS };
    return items;
  };
}
