import { GetItemCommand, PutItemCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbCrawls } from '#shared/adapters/dynamodb-crawls.ts';
import { createDynamoDbInventory, emptyWithoutTable } from '#shared/adapters/dynamodb-inventory.ts';
import { createDynamoDbReadInventory } from '#shared/adapters/dynamodb-read-inventory.ts';
import type { Api } from '#shared/application/inventory-ports.ts';
import { describeInventory, PROD } from '#test/contract/inventory.contract.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';
import { createStoredInventory } from '#test/fakes/stored-inventory.ts';

/** 600 regional, 120 edge-optimized and 600 private REST APIs, 600 HTTP and WebSocket APIs. */
const MOST_APIS = 1_920;

let dynamoDb: DynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.stop());

async function createStores() {
  const { inventory: tableName } = await dynamoDb.createTables();
  return {
    tableName,
    inventory: createDynamoDbInventory(dynamoDb.client, tableName),
    crawls: createDynamoDbCrawls(dynamoDb.client, tableName),
  };
}

describeInventory('stored-inventory', () => createStoredInventory());
describeInventory('dynamodb-inventory', createStores);

describe('dynamodb-inventory on its table', () => {
  it('write() names the item after the stage, where the other functions read it', async () => {
    const { tableName, inventory, crawls } = await createStores();
    await inventory.write(PROD);
    await crawls.write({ startedAtMs: 1, pending: [] });

    const { Item } = await dynamoDb.client.send(
      new GetItemCommand({ TableName: tableName, Key: { key: { S: 'a1b2c3/prod' } } }),
    );
    const readInventory = createDynamoDbReadInventory(
      dynamoDb.client,
      tableName,
      () => new Date(),
      () => {},
    );

    expect(JSON.parse(Item?.['document']?.S ?? '')).toEqual(PROD);
    expect(await readInventory()).toEqual([PROD]);
  });

  it('list() keeps nothing: what is written is there at once', async () => {
    const { inventory } = await createStores();
    await inventory.list();
    await inventory.write(PROD);

    expect((await inventory.list()).items).toEqual([PROD]);
  });

  it('list() leaves out an item without a document, and one that is not JSON', async () => {
    const { tableName, inventory } = await createStores();
    await inventory.write(PROD);
    const bare = { key: { S: 'a1b2c3/bare' } };
    const broken = { key: { S: 'a1b2c3/broken' }, document: { S: '{"apiId": "a1b' } };
    for (const Item of [bare, broken])
      await dynamoDb.client.send(new PutItemCommand({ TableName: tableName, Item }));

    const { items, unreadableKeys } = await inventory.list();

    expect(items).toEqual([PROD]);
    expect([...unreadableKeys].sort()).toEqual(['a1b2c3/bare', 'a1b2c3/broken']);
  });

  it('list() and remove() throw where there is no table', async () => {
    const inventory = createDynamoDbInventory(dynamoDb.client, 'Gone');

    await expect(inventory.list()).rejects.toThrow(ResourceNotFoundException);
    await expect(inventory.remove('a1b2c3/prod')).rejects.toThrow(ResourceNotFoundException);
  });

  it('emptyWithoutTable() takes a table that is gone for an empty one, and hides nothing else', async () => {
    const gone = emptyWithoutTable(createDynamoDbInventory(dynamoDb.client, 'Gone'));
    expect(await gone.list()).toEqual({ items: [], unreadableKeys: [] });
    await expect(gone.remove('a1b2c3/prod')).resolves.toBeUndefined();

    const { inventory } = await createStores();
    await inventory.write(PROD);
    const there = emptyWithoutTable(inventory);
    expect((await there.list()).items).toEqual([PROD]);
    await there.remove('a1b2c3/prod');
    expect((await there.list()).items).toEqual([]);

    const denied = () => Promise.reject(new Error('AccessDenied'));
    const failing = emptyWithoutTable({ list: denied, remove: denied });
    await expect(failing.list()).rejects.toThrow('AccessDenied');
    await expect(failing.remove('a1b2c3/prod')).rejects.toThrow('AccessDenied');
  });

  it('a crawl of all APIs that an account can have, with long names, fits into its item', async () => {
    const { crawls } = await createStores();
    const pending: Api[] = Array.from({ length: MOST_APIS }, (_, index) => ({
      apiId: String(index).padStart(10, 'a'),
      apiName: 'n'.repeat(128),
      apiType: 'WEBSOCKET',
    }));

    await crawls.write({ startedAtMs: 1_772_460_000_000, pending });

    expect((await crawls.read())?.pending).toHaveLength(MOST_APIS);
  });
});
