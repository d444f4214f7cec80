import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { parseDocument, writeDocument } from '#shared/adapters/dynamodb-documents.ts';
import type { MuteStore } from '#shared/application/mute-ports.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';

/** No story has this key: those have a bar in it. */
const MUTES_KEY = 'mutes';

type Document = { readonly schemaVersion: 1; readonly revision: number; readonly mutes: readonly Mute[] };

/** The mutes as one item of the incidents' table; never in its index, as they are no incident. */
export function createDynamoDbMutes(client: DynamoDBClient, tableName: string): MuteStore {
  return {
    read: async () => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { key: { S: MUTES_KEY } }, ConsistentRead: true }),
      );
      const document = parseDocument<Document>(Item);
      return { revision: document?.revision ?? null, mutes: document?.mutes ?? [] };
    },
    write: (mutes, expectedRevision) => {
      const revision = (expectedRevision ?? 0) + 1;
      const document: Document = { schemaVersion: 1, revision, mutes };
      return writeDocument(client, {
        tableName,
        key: MUTES_KEY,
        document,
        guard: { name: 'revision', value: revision, expected: expectedRevision },
      });
    },
  };
}
