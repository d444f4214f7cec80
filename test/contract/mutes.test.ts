import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbMutes } from '#shared/adapters/dynamodb-mutes.ts';
import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { describeMutes } from '#test/contract/mutes.contract.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';
import { createIncident } from '#test/fakes/finding.ts';
import { createMute } from '#test/fakes/mute.ts';

let dynamoDb: DynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.stop());

describeMutes('memory-mutes', createMemoryMutes);

describeMutes('dynamodb-mutes', async () => {
  const { incidents } = await dynamoDb.createTables();
  return createDynamoDbMutes(dynamoDb.client, incidents);
});

it('dynamodb-mutes shares a table with the incidents, and is none of them', async () => {
  const { incidents: table } = await dynamoDb.createTables();
  const mutes = createDynamoDbMutes(dynamoDb.client, table);
  const incidents = createDynamoDbIncidents(dynamoDb.client, table);
  const incident = { ...createIncident(), revision: 1 };

  await incidents.write(incident, null);
  await mutes.write([createMute()], null);

  expect(await incidents.listActive()).toEqual([incident]);
  expect((await mutes.read()).mutes).toEqual([createMute()]);
});
