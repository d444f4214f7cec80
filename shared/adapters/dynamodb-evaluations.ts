import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { parseDocument, writeDocument } from '#shared/adapters/dynamodb-documents.ts';
import type { EvaluationState, EvaluationStore } from '#shared/application/ports.ts';

/** Evaluation states as a DynamoDB table with the partition key `key`: one item per evaluator. */
export function createDynamoDbEvaluations(client: DynamoDBClient, tableName: string): EvaluationStore {
  return {
    read: async (evaluator) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { key: { S: evaluator } }, ConsistentRead: true }),
      );
      return parseDocument<EvaluationState>(Item);
    },
    write: (evaluator, state, expectedThroughMs) =>
      writeDocument(client, {
        tableName,
        key: evaluator,
        document: state,
        guard: { name: 'throughMs', value: state.throughMs, expected: expectedThroughMs },
      }),
  };
}
