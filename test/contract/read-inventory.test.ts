import { PutItemCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDbReadInventory } from '#shared/adapters/dynamodb-read-inventory.ts';
import type { ReadInventory } from '#shared/application/inventory-ports.ts';
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
  let told: (readonly string[])[];

  const tell = (keys: readonly string[]): void => {
    told.push(keys);
  };

  beforeAll(async () => {
    dynamoDb = await startDynamoDb();
  });

  afterAll(() => dynamoDb.stop());

  beforeEach(async () => {
    tableName = (await dynamoDb.createTables()).inventory;
    nowMs = Date.parse('2026-03-02T14:00:00Z');
    told = [];
    readInventory = createDynamoDbReadInventory(dynamoDb.client, tableName, () => new Date(nowMs), tell);
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
    ['lacks a field', JSON.stringify({ ...PROD, apiId: undefined })],
    ['has a field of another kind', JSON.stringify({ ...PROD, apiType: 'GRPC' })],
    ['is of a later schema', JSON.stringify({ ...PROD, schemaVersion: 2 })],
    ['is no object', '"prod"'],
    ['is not JSON', '{"apiId": "a1b2c3"'],
  ])('readInventory() leaves out an item which %s, and tells its key', async (_, document) => {
    await put('a1b2c3/prod', PROD);
    await putText('a1b2c3/dev', document);

    expect(await readInventory()).toEqual([PROD]);
    expect(told).toEqual([['a1b2c3/dev']]);
  });

  it('readInventory() leaves out an item without a document, and tells its key', async () => {
    const Item = { key: { S: 'a1b2c3/prod' } };
    await dynamoDb.client.send(new PutItemCommand({ TableName: tableName, Item }));

    expect(await readInventory()).toEqual([]);
    expect(told).toEqual([['a1b2c3/prod']]);
  });

  it('readInventory() tells nothing where all is well, nor again while it keeps what it read', async () => {
    await put('a1b2c3/prod', PROD);
    await readInventory();
    expect(told).toEqual([]);

    await putText('a1b2c3/dev', 'no JSON');
    nowMs += CACHE_MS;
    await readInventory();
    await readInventory();
    expect(told).toEqual([['a1b2c3/dev']]);
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

  it('readInventory() looks again when all that it found could not be read', async () => {
    await put('a1b2c3/prod', { ...PROD, stage: '' });
    expect(await readInventory()).toEqual([]);

    await put('a1b2c3/prod', PROD);

    expect(await readInventory()).toEqual([PROD]);
  });

  it('readInventory() throws where there is no table, and keeps no failure', async () => {
    const unlucky = createDynamoDbReadInventory(dynamoDb.client, 'Gone', () => new Date(nowMs), tell);

    await expect(unlucky()).rejects.toThrow(ResourceNotFoundException);
    await expect(unlucky()).rejects.toThrow(ResourceNotFoundException);
  });
});
