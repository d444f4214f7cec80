import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { parseDocument, writeDocument } from '#shared/adapters/dynamodb-documents.ts';
import type { QuotaStore, StoredQuota } from '#shared/application/ports.ts';

/** No evaluator is called so. */
const QUOTA_KEY = 'quota';

/** The quota as one item of the evaluations' table. */
export function createDynamoDbQuotas(client: DynamoDBClient, tableName: string): QuotaStore {
  return {
    read: async () => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { key: { S: QUOTA_KEY } }, ConsistentRead: true }),
      );
      return parseDocument<StoredQuota>(Item);
    },
    write: (quota, expectedReadAtMs) =>
      writeDocument(client, {
        tableName,
        key: QUOTA_KEY,
        document: quota,
        guard: { name: 'readAtMs', value: quota.readAtMs, expected: expectedReadAtMs },
      }),
  };
}
