import { type AttributeValue, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { parseDocument } from '#shared/adapters/dynamodb-documents.ts';
import type { Now, ReadInventory } from '#shared/application/ports.ts';
import { InventoryError, parseInventoryItem } from '#shared/config/inventory.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Readers may be this far behind: stages come and go rarely. */
const CACHE_MS = 5 * 60_000;

function parseItem(item: Record<string, AttributeValue>): InventoryItem {
  const where = `inventory item ${item['key']?.S ?? '?'}`;
  let document: unknown;
  try {
    document = parseDocument(item);
  } catch (cause) {
    throw new InventoryError(`${where}: document: it is not JSON`, { cause });
  }
  return parseInventoryItem(document, where);
}

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
    const items: InventoryItem[] = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) {
      items.push(...Items.map(parseItem));
    }
    cached = { items, untilMs: nowMs + CACHE_MS };
    return items;
  };
}
