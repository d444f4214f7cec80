import { afterAll, beforeAll } from 'vitest';
import { createDynamoDbEvaluations } from '#shared/adapters/dynamodb-evaluations.ts';
import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { describeEvaluations } from '#test/contract/evaluations.contract.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';

let dynamoDb: DynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.stop());

describeEvaluations('memory-evaluations', createMemoryEvaluations);

describeEvaluations('dynamodb-evaluations', async () => {
  const { evaluations } = await dynamoDb.createTables();
  return createDynamoDbEvaluations(dynamoDb.client, evaluations);
});
