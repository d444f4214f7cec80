import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { CRAWL_KEY } from '#shared/adapters/dynamodb-crawls.ts';
import { parseDocument } from '#shared/adapters/dynamodb-documents.ts';
import type { InventoryListing, InventoryStore } from '#shared/application/inventory-ports.ts';
import { InventoryError, parseInventoryItem } from '#shared/config/inventory.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** The item that there is; `null` if it does not have the form of one. Its content is nobody's business. */
function parseItem(item: Record<string, AttributeValue>): InventoryItem | null {
  try {
    return parseInventoryItem(parseDocument(item), 'inventory item');
  } catch (error) {
    if (error instanceof InventoryError || error instanceof SyntaxError) return null;
    throw error;
  }
}

function findProblem(item: InventoryItem): string | null {
  try {
    parseInventoryItem(item, `inventory item ${stageKey(item)}`);
    return null;
  } catch (error) {
    if (error instanceof InventoryError) return error.message;
    throw error;
  }
}

/** Reads all stages from the table, and skips the one item that is none, and those that cannot be read. */
export async function scanInventory(
  client: DynamoDBClient,
  tableName: string,
  ConsistentRead: boolean,
): Promise<InventoryListing> {
  const items: InventoryItem[] = [];
  const unreadableKeys: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName, ConsistentRead })) {
    for (const stored of Items) {
      const key = stored['key']?.S ?? '';
      if (key === CRAWL_KEY) continue;
      const item = parseItem(stored);
      if (item === null) unreadableKeys.push(key);
      else items.push(item);
    }
  }
  return { items, unreadableKeys };
}

/** The inventory as a DynamoDB table with the partition key `key` and one document per stage, for the one who keeps it. */
export function createDynamoDbInventory(client: DynamoDBClient, tableName: string): InventoryStore {
  return {
    list: () => scanInventory(client, tableName, true),
    findProblem,
    write: async (item) => {
      const Item = { key: { S: stageKey(item) }, document: { S: JSON.stringify(item) } };
      await client.send(new PutItemCommand({ TableName: tableName, Item }));
    },
    remove: async (key) => {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: { key: { S: key } } }));
    },
  };
}

/** What a removal works on. */
type Removable = Pick<InventoryStore, 'list' | 'remove'>;

function unlessGone<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ResourceNotFoundException) return value;
    throw error;
  };
}

/** An inventory for a removal, which may have removed the table before: then there is nothing left in it. */
export function emptyWithoutTable({ list, remove }: Removable): Removable {
  return {
    list: () => list().catch(unlessGone<InventoryListing>({ items: [], unreadableKeys: [] })),
    remove: (key) => remove(key).catch(unlessGone(undefined)),
  };
}
