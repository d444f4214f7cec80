import { afterAll, beforeAll } from 'vitest';
import { createDynamoDbOutboxes } from '#shared/adapters/dynamodb-outboxes.ts';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { describeOutboxes } from '#test/contract/outboxes.contract.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';

let dynamoDb: DynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.stop());

describeOutboxes('memory-outboxes', createMemoryOutboxes);

describeOutboxes('dynamodb-outboxes', async () => {
  const { incidents } = await dynamoDb.createTables();
  return createDynamoDbOutboxes(dynamoDb.client, incidents);
});
