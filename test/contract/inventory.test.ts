import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbCrawls } from '#shared/adapters/dynamodb-crawls.ts';
import { createDynamoDbInventory } from '#shared/adapters/dynamodb-inventory.ts';
import { createDynamoDbReadInventory } from '#shared/adapters/dynamodb-read-inventory.ts';
import type { Api } from '#shared/application/ports.ts';
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
    const readInventory = createDynamoDbReadInventory(dynamoDb.client, tableName, () => new Date());

    expect(JSON.parse(Item?.['document']?.S ?? '')).toEqual(PROD);
    expect(await readInventory()).toEqual([PROD]);
  });

  it('list() keeps nothing: what is written is there at once', async () => {
    const { inventory } = await createStores();
    await inventory.list();
    await inventory.write(PROD);

    expect(await inventory.list()).toEqual([PROD]);
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
