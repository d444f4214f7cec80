import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { parseDocument, writeDocument } from '#shared/adapters/dynamodb-documents.ts';
import { type StoredIncident, upgradeIncident } from '#shared/adapters/stored-incident.ts';
import type { IncidentStore } from '#shared/application/ports.ts';

/** The sparse index of the incidents that are open or owe a delivery. */
const ACTIVE_INDEX = 'active';

/**
 * Incidents as a DynamoDB table with the partition key `key` (the story) and the index `active` over the
 * attributes `active` and `key`, which only active incidents carry.
 */
export function createDynamoDbIncidents(client: DynamoDBClient, tableName: string): IncidentStore {
  return {
    read: async (storyKey) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { key: { S: storyKey } }, ConsistentRead: true }),
      );
      return upgradeIncident(parseDocument<StoredIncident>(Item));
    },
    write: (incident, expectedRevision) =>
      writeDocument(client, {
        tableName,
        key: incident.story.key,
        document: incident,
        guard: { name: 'revision', value: incident.revision, expected: expectedRevision },
        ...(incident.isActive && { attributes: { active: { S: 'yes' } } }),
      }),
    listActive: async () => {
      const items: Record<string, AttributeValue>[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          IndexName: ACTIVE_INDEX,
          KeyConditionExpression: 'active = :yes',
          ExpressionAttributeValues: { ':yes': { S: 'yes' } },
        },
      );
      for await (const { Items = [] } of pages) items.push(...Items);
      return items
        .map((item) => upgradeIncident(parseDocument<StoredIncident>(item)))
        .filter((incident) => incident !== null);
    },
  };
}
