import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDbEvaluations } from '#shared/adapters/dynamodb-evaluations.ts';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbLedger } from '#shared/adapters/dynamodb-ledger.ts';
import { createDynamoDbQuotas } from '#shared/adapters/dynamodb-quotas.ts';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, startHttpServer } from '#test/fakes/http-server.ts';

const CLAIM = { key: 'k', requestId: 'r', receivedAtMs: 0, planHash: 'p', leaseUntilMs: 0 };

// A DynamoDB of one process never reads old data, so that no other test would miss this.
describe('DynamoDB adapters', () => {
  let server: HttpServer;
  let client: DynamoDBClient;

  beforeEach(async () => {
    server = await startHttpServer(({ headers }) =>
      headers['x-amz-target'] === 'DynamoDB_20120810.GetItem'
        ? jsonReply({})
        : jsonError(400, 'ConditionalCheckFailedException'),
    );
    client = new DynamoDBClient(clientConfig(server.url));
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  it.each([
    ['ledger', () => createDynamoDbLedger(client, 'Table', () => new Date(0)).claim(CLAIM)],
    ['evaluations', () => createDynamoDbEvaluations(client, 'Table').read('headroom')],
    ['quotas', () => createDynamoDbQuotas(client, 'Table').read()],
    ['incidents', () => createDynamoDbIncidents(client, 'Table').read('story')],
  ])('dynamodb-%s reads the newest item, as conditions on it need', async (_, read) => {
    await read();

    const gets = server.requests.filter(
      ({ headers }) => headers['x-amz-target'] === 'DynamoDB_20120810.GetItem',
    );
    expect(gets.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      expect.objectContaining({ ConsistentRead: true }),
    ]);
  });
});
