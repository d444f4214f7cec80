import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { clientConfig } from '#test/fakes/aws-protocol.ts';

/** The names of one set of Gatewatch's tables. */
export type Tables = {
  readonly incidents: string;
  readonly ledger: string;
  readonly evaluations: string;
  readonly inventory: string;
};

export type DynamoDb = {
  readonly url: string;
  readonly client: DynamoDBClient;
  /** Creates a table, and returns when it can be used. */
  readonly createTable: (input: CreateTableCommandInput) => Promise<void>;
  /** Creates all tables, empty, under names of their own. */
  readonly createTables: () => Promise<Tables>;
  readonly stop: () => Promise<void>;
};

function keyed(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
  };
}

function incidents(TableName: string): CreateTableCommandInput {
  return {
    ...keyed(TableName),
    AttributeDefinitions: [
      { AttributeName: 'key', AttributeType: 'S' },
      { AttributeName: 'active', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'active',
        KeySchema: [
          { AttributeName: 'active', KeyType: 'HASH' },
          { AttributeName: 'key', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  };
}

async function createTable(client: DynamoDBClient, input: CreateTableCommandInput): Promise<void> {
  await client.send(new CreateTableCommand(input));
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: input.TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
  }
}

/** Starts a DynamoDB in this process, on a free port of this machine. */
export async function startDynamoDb(): Promise<DynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  // It would close idle connections just when a client that waited for a process takes one up again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient(clientConfig(url));
  return {
    url,
    client,
    createTable: (input) => createTable(client, input),
    createTables: async () => {
      const id = randomUUID();
      const tables = {
        incidents: `Incidents-${id}`,
        ledger: `Ledger-${id}`,
        evaluations: `Evaluations-${id}`,
        inventory: `Inventory-${id}`,
      };
      const { incidents: withIndex, ...others } = tables;
      await Promise.all(
        [incidents(withIndex), ...Object.values(others).map(keyed)].map((input) =>
          createTable(client, input),
        ),
      );
      return tables;
    },
    stop: async () => {
      client.destroy();
      const closed = new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      });
      server.closeAllConnections();
      await closed;
    },
  };
}
