import { afterAll, beforeAll } from 'vitest';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { describeIncidents } from '#test/contract/incidents.contract.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';

let dynamoDb: DynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.stop());

describeIncidents('memory-incidents', createMemoryIncidents);

describeIncidents('dynamodb-incidents', async () => {
  const { incidents } = await dynamoDb.createTables();
  return createDynamoDbIncidents(dynamoDb.client, incidents);
});
