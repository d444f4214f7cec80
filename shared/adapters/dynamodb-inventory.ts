import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { CRAWL_KEY } from '#shared/adapters/dynamodb-crawls.ts';
import { parseDocument } from '#shared/adapters/dynamodb-documents.ts';
import type { InventoryStore } from '#shared/application/ports.ts';
import { InventoryError, parseInventoryItem } from '#shared/config/inventory.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

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
 * Reads all stages from the table, and skips the one item that is none.
 *
 * @throws {InventoryError} If an item does not have the form of one
 */
export async function scanInventory(
  client: DynamoDBClient,
  tableName: string,
  ConsistentRead: boolean,
): Promise<InventoryItem[]> {
  const items: InventoryItem[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName, ConsistentRead })) {
    items.push(...Items.filter(({ key }) => key?.S !== CRAWL_KEY).map(parseItem));
  }
  return items;
}

/** The inventory as a DynamoDB table with the partition key `key` and one document per stage, for the one who keeps it. */
export function createDynamoDbInventory(client: DynamoDBClient, tableName: string): InventoryStore {
  return {
    list: () => scanInventory(client, tableName, true),
    write: async (item) => {
      const Item = { key: { S: stageKey(item) }, document: { S: JSON.stringify(item) } };
      await client.send(new PutItemCommand({ TableName: tableName, Item }));
    },
    remove: async (id) => {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: { key: { S: stageKey(id) } } }));
    },
  };
}
