import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { scanInventory } from '#shared/adapters/dynamodb-inventory.ts';
import type { Now, ReadInventory } from '#shared/application/ports.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Readers may be this far behind: stages come and go rarely. */
const CACHE_MS = 5 * 60_000;

/**
 * Reads the inventory from a DynamoDB table with the partition key `key` and one document per stage; kept for five
 * minutes across invocations.
 *
 * @throws {InventoryError} If an item does not have the form of one
 */
export function createDynamoDbReadInventory(
  client: DynamoDBClient,
  tableName: string,
  now: Now,
): ReadInventory {
  let cached: { readonly items: readonly InventoryItem[]; readonly untilMs: number } | null = null;
  return async () => {
    const nowMs = now().getTime();
    if (cached !== null && cached.untilMs > nowMs) return cached.items;
    const items = await scanInventory(client, tableName, false);
    // An empty inventory is one that is just being made: the next reader looks again.
    if (items.length > 0) cached = { items, untilMs: nowMs + CACHE_MS };
    return items;
  };
}
