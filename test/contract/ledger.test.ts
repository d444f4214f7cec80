import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbLedger } from '#shared/adapters/dynamodb-ledger.ts';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { describeLedger } from '#test/contract/ledger.contract.ts';
import { clientConfig } from '#test/fakes/aws-protocol.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';
import { refusingUrl } from '#test/fakes/http-server.ts';

const CLAIM = {
  key: 'envelope-1',
  requestId: 'request-1',
  receivedAtMs: 1_700_000_000_999,
  planHash: 'plan-1',
  leaseUntilMs: 1_700_000_060_000,
};

let dynamoDb: DynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.stop());

describeLedger('memory-ledger', createMemoryLedger);

describeLedger('dynamodb-ledger', async (now) => {
  const { ledger } = await dynamoDb.createTables();
  return createDynamoDbLedger(dynamoDb.client, ledger, now);
});

describe('dynamodb-ledger on its table', () => {
  it('claim() lets an item expire 15 days after the envelope came, in whole seconds', async () => {
    const { ledger } = await dynamoDb.createTables();

    await createDynamoDbLedger(dynamoDb.client, ledger, () => new Date()).claim(CLAIM);

    const { Item } = await dynamoDb.client.send(
      new GetItemCommand({ TableName: ledger, Key: { key: { S: CLAIM.key } } }),
    );
    expect(Item?.['expiresAt']).toEqual({ N: String(1_700_000_000 + 15 * 24 * 60 * 60) });
  });

  it('claim() returns what the former holder recorded in the last moment', async () => {
    const { ledger: tableName } = await dynamoDb.createTables();
    const nowMs = CLAIM.leaseUntilMs;
    const former = createDynamoDbLedger(dynamoDb.client, tableName, () => new Date(nowMs));
    await former.claim(CLAIM);
    const { key, requestId, leaseUntilMs } = CLAIM;
    const client = new DynamoDBClient(clientConfig(dynamoDb.url));
    let isRecorded = false;
    client.middlewareStack.add((next, { commandName }) => async (args) => {
      const output = await next(args);
      if (commandName === 'GetItemCommand') {
        await former.record({
          key,
          requestId,
          leaseUntilMs,
          chunksSent: 4,
          possiblyRepeatedEvents: 7,
          tooOldEvents: 8,
          refusedEvents: 9,
          status: 'sending',
          isParking: false,
        });
        isRecorded = true;
      }
      return output;
    });

    const answer = await createDynamoDbLedger(client, tableName, () => new Date(nowMs)).claim({
      ...CLAIM,
      requestId: 'request-2',
      leaseUntilMs: nowMs + 60_000,
    });

    expect(isRecorded).toBe(true);
    expect(answer).toMatchObject({
      status: 'resumed',
      chunksSent: 4,
      possiblyRepeatedEvents: 7,
      tooOldEvents: 8,
      refusedEvents: 9,
      mayHaveSent: true,
    });
    client.destroy();
  });

  it('claim() returns claimed when the answer to its first request is lost and the SDK repeats it', async () => {
    const { ledger: tableName } = await dynamoDb.createTables();
    const client = new DynamoDBClient(clientConfig(dynamoDb.url, 3));
    let puts = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        puts += 1;
        if (puts > 1) return output;
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', $retryable: {} });
      },
      { step: 'finalizeRequest', priority: 'low' },
    );

    const answer = await createDynamoDbLedger(client, tableName, () => new Date()).claim(CLAIM);

    expect(puts).toBeGreaterThan(1);
    expect(answer).toEqual({ status: 'claimed' });
    client.destroy();
  });

  it('claim() reads an item of a version that knew no queue', async () => {
    const { ledger: tableName } = await dynamoDb.createTables();
    const nowMs = CLAIM.leaseUntilMs;
    const ledger = createDynamoDbLedger(dynamoDb.client, tableName, () => new Date(nowMs));
    await ledger.claim(CLAIM);
    await dynamoDb.client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { key: { S: CLAIM.key } },
        UpdateExpression: 'REMOVE isParking',
      }),
    );

    const answer = await ledger.claim({ ...CLAIM, requestId: 'request-2', leaseUntilMs: nowMs + 60_000 });

    expect(answer).toMatchObject({ status: 'resumed', mayHaveSent: true, isParking: false });
  });

  it('claim() throws when DynamoDB cannot be reached', async () => {
    const client = new DynamoDBClient(clientConfig(await refusingUrl()));

    await expect(createDynamoDbLedger(client, 'Ledger', () => new Date()).claim(CLAIM)).rejects.toThrow();
  });

  it('claim() throws when the table does not exist', async () => {
    const ledger = createDynamoDbLedger(dynamoDb.client, 'Missing', () => new Date());

    await expect(ledger.claim(CLAIM)).rejects.toThrow('Requested resource not found');
  });
});
