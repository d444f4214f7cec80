import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { nextStep } from '#shared/domain/incidents/next-step.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';
import { createIncident } from '#test/fakes/finding.ts';

let dynamoDb: DynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(() => dynamoDb.stop());

it('read() makes of an incident that release 0.1.0 wrote one that is not told again', async () => {
  const { incidents: TableName } = await dynamoDb.createTables();
  const { unknownSince: _, heldBackBy: __, leftOutIds: ___, ...incident } = createIncident();
  const announced = { status: 'open', severity: 'critical' };
  const old = {
    ...incident,
    schemaVersion: 1,
    lease: null,
    findingsLeftOut: 700,
    deliveries: { sns: { version: 1, announced, sentAtMs: 1_772_460_000_000 } },
  };
  const Item = {
    key: { S: incident.story.key },
    document: { S: JSON.stringify(old) },
    revision: { N: '1' },
    active: { S: 'yes' },
  };
  await dynamoDb.client.send(new PutItemCommand({ TableName, Item }));
  const store = createDynamoDbIncidents(dynamoDb.client, TableName);

  const read = await store.read(incident.story.key);

  expect(read).toMatchObject({ schemaVersion: 2, unknownSince: null, heldBackBy: null, leftOutIds: [] });
  expect(await store.listActive()).toEqual([read]);
  if (read === null) throw new Error('No incident');
  const sns = { name: 'sns', canEdit: false, minSeverity: 'warning' } as const;
  const when = { nowMs: 1_772_460_060_000, isMuted: false };
  expect(nextStep(read, sns, when)).toBeNull();
  expect(nextStep(read, { ...sns, name: 'slack' }, when)).toMatchObject({ step: 'post' });
});
