import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { FRESH_OUTBOX } from '#shared/application/receiver-line.ts';
import type { OutboxState, OutboxStore } from '#shared/application/receiver-ports.ts';

type Item = Record<string, AttributeValue>;

function parseState(item: Item | undefined): OutboxState {
  const text = item?.['document']?.S;
  return text === undefined ? FRESH_OUTBOX : (JSON.parse(text) as OutboxState);
}

/** @returns `null` if the condition does not hold */
async function updateItem(client: DynamoDBClient, input: UpdateItemCommandInput): Promise<Item | null> {
  try {
    const { Attributes = {} } = await client.send(new UpdateItemCommand(input));
    return Attributes;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}

/**
 * Outboxes as items of the table of the incidents, with the key `outbox|RECEIVER` and the attributes `owner`, `untilMs`,
 * `waiting` (a set of story keys) and `document` (the state).
 */
export function createDynamoDbOutboxes(client: DynamoDBClient, tableName: string): OutboxStore {
  const itemOf = (receiver: string) => ({
    TableName: tableName,
    Key: { key: { S: `outbox|${receiver}` } },
  });
  return {
    enter: async (receiver, { storyKeys, owner, nowMs, untilMs }) => {
      const item = itemOf(receiver);
      // First the stories, whoever has the lease: it is not given back while some wait.
      if (storyKeys.length > 0) {
        await updateItem(client, {
          ...item,
          UpdateExpression: 'ADD waiting :keys',
          ExpressionAttributeValues: { ':keys': { SS: [...new Set(storyKeys)] } },
        });
      }
      const attributes = await updateItem(client, {
        ...item,
        UpdateExpression: 'SET #owner = :owner, untilMs = :until',
        ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner OR untilMs <= :now',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':owner': { S: owner },
          ':until': { N: String(untilMs) },
          ':now': { N: String(nowMs) },
        },
        ReturnValues: 'ALL_NEW',
      });
      return attributes === null ? null : parseState(attributes);
    },
    takeWaiting: async (receiver, owner) => {
      const before = await updateItem(client, {
        ...itemOf(receiver),
        UpdateExpression: 'REMOVE waiting',
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: owner } },
        ReturnValues: 'UPDATED_OLD',
      });
      return before === null ? null : (before['waiting']?.SS ?? []);
    },
    leave: async (receiver, { owner, state, isOver }) => {
      const left = await updateItem(client, {
        ...itemOf(receiver),
        UpdateExpression: 'SET document = :document REMOVE #owner, untilMs',
        ConditionExpression: isOver ? '#owner = :owner' : '#owner = :owner AND attribute_not_exists(waiting)',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: owner }, ':document': { S: JSON.stringify(state) } },
      });
      return left !== null || isOver;
    },
  };
}
