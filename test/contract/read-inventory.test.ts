import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDbReadInventory } from '#shared/adapters/dynamodb-read-inventory.ts';
import type { ReadInventory } from '#shared/application/ports.ts';
import { InventoryError } from '#shared/config/inventory.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';

const PROD: InventoryItem = {
  apiId: 'a1b2c3',
  apiName: 'orders-api',
  apiType: 'REST',
  stage: 'prod',
  logGroup: '/aws/apigateway/orders-prod',
  limits: { rateRps: 2_000, burst: 500 },
  integrationTimeoutMs: 29_000,
  schemaVersion: 1,
};

const CACHE_MS = 5 * 60_000;

describe('dynamodb-read-inventory', () => {
  let dynamoDb: DynamoDb;
  let tableName: string;
  let nowMs: number;
  let readInventory: ReadInventory;

  beforeAll(async () => {
    dynamoDb = await startDynamoDb();
  });

  afterAll(() => dynamoDb.stop());

  beforeEach(async () => {
    tableName = (await dynamoDb.createTables()).inventory;
    nowMs = Date.parse('2026-03-02T14:00:00Z');
    readInventory = createDynamoDbReadInventory(dynamoDb.client, tableName, () => new Date(nowMs));
  });

  async function put(key: string, document: unknown): Promise<void> {
    await putText(key, JSON.stringify(document));
  }

  async function putText(key: string, document: string): Promise<void> {
    const Item = { key: { S: key }, document: { S: document } };
    await dynamoDb.client.send(new PutItemCommand({ TableName: tableName, Item }));
  }

  it('readInventory() returns an empty list for an empty table', async () => {
    expect(await readInventory()).toEqual([]);
  });

  it('readInventory() returns every stage, with fields it does not know left out', async () => {
    const dev = { ...PROD, stage: 'dev', apiType: 'HTTP', logGroup: null, limits: null };
    await put('a1b2c3/prod', { ...PROD, colour: 'green' });
    await put('a1b2c3/dev', dev);

    const items = await readInventory();

    expect(items).toHaveLength(2);
    expect(items).toContainEqual(PROD);
    expect(items).toContainEqual(dev);
  });

  it('readInventory() returns more than one page of a table', async () => {
    const stages = Array.from({ length: 8 }, (_, index) => `stage-${index}`);
    for (const stage of stages)
      await put(`a1b2c3/${stage}`, { ...PROD, stage, padding: 'x'.repeat(200_000) });

    expect((await readInventory()).map(({ stage }) => stage).sort()).toEqual(stages);
  });

  it.each([
    ['lacks a field', JSON.stringify({ ...PROD, apiId: undefined }), 'apiId'],
    ['has a field of another kind', JSON.stringify({ ...PROD, apiType: 'GRPC' }), 'apiType'],
    ['is of a later schema', JSON.stringify({ ...PROD, schemaVersion: 2 }), 'schemaVersion'],
    ['is no object', '"prod"', 'value'],
    ['is not JSON', '{"apiId": "a1b2c3"', 'document'],
  ])('readInventory() throws an InventoryError that names an item which %s', async (_, document, field) => {
    await put('a1b2c3/prod', PROD);
    await putText('a1b2c3/dev', document);

    const error = await readInventory().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(InventoryError);
    expect(error).toMatchObject({
      message: expect.stringContaining(`inventory item a1b2c3/dev: ${field}: `),
    });
  });

  it('readInventory() throws an InventoryError for an item without a document', async () => {
    const Item = { key: { S: 'a1b2c3/prod' } };
    await dynamoDb.client.send(new PutItemCommand({ TableName: tableName, Item }));

    await expect(readInventory()).rejects.toThrow(InventoryError);
  });

  it('readInventory() keeps what it read for five minutes of the given clock', async () => {
    await put('a1b2c3/prod', PROD);
    await readInventory();
    const renamed = { ...PROD, apiName: 'renamed' };
    await put('a1b2c3/prod', renamed);

    nowMs += CACHE_MS - 1;
    expect(await readInventory()).toEqual([PROD]);

    nowMs += 1;
    expect(await readInventory()).toEqual([renamed]);
  });

  it('readInventory() looks again after an empty inventory, which is just being made', async () => {
    await readInventory();
    await put('a1b2c3/prod', PROD);

    expect(await readInventory()).toEqual([PROD]);
  });

  it('readInventory() keeps no failure', async () => {
    await put('a1b2c3/prod', { ...PROD, stage: '' });
    await expect(readInventory()).rejects.toThrow('inventory item a1b2c3/prod: stage: ');

    await put('a1b2c3/prod', PROD);

    expect(await readInventory()).toEqual([PROD]);
  });
});
