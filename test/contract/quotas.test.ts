import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDbEvaluations } from '#shared/adapters/dynamodb-evaluations.ts';
import { createDynamoDbQuotas } from '#shared/adapters/dynamodb-quotas.ts';
import { createMemoryQuotas } from '#shared/adapters/memory-quotas.ts';
import { describeQuotas } from '#test/contract/quotas.contract.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';

let dynamoDb: DynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.stop());

describeQuotas('memory-quotas', createMemoryQuotas);

describeQuotas('dynamodb-quotas', async () => {
  const { evaluations } = await dynamoDb.createTables();
  return createDynamoDbQuotas(dynamoDb.client, evaluations);
});

it('dynamodb-quotas shares a table with the evaluations, and neither touches the other', async () => {
  const { evaluations: table } = await dynamoDb.createTables();
  const quotas = createDynamoDbQuotas(dynamoDb.client, table);
  const evaluations = createDynamoDbEvaluations(dynamoDb.client, table);
  const state = { throughMs: 60_000, baseMs: 0, baseOccurrences: [] };
  const quota = {
    schemaVersion: 1,
    readAtMs: 1,
    answeredAtMs: { getAccount: null, serviceQuotas: null },
    status: createQuotaStatus({ rateRps: 100, burst: 50 }),
  } as const;

  expect(await evaluations.write('check-headroom', state, null)).toBe(true);
  expect(await quotas.write(quota, null)).toBe(true);

  expect(await evaluations.read('check-headroom')).toEqual(state);
  expect(await quotas.read()).toEqual(quota);
});
