import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Ledger, LedgerAnswer, LedgerClaim, Now } from '#shared/application/ports.ts';

/** Longer than CloudWatch takes a timestamp (14 days): after that a repeat is rejected by age. */
const KEEP_SECONDS = 15 * 24 * 60 * 60;

type Item = Record<string, AttributeValue>;

function numberOf(item: Item, name: string): number {
  return Number(item[name]?.N ?? 0);
}

function resumed(item: Item): LedgerAnswer {
  return {
    status: 'resumed',
    receivedAtMs: numberOf(item, 'receivedAtMs'),
    planHash: item['planHash']?.S ?? '',
    chunksSent: numberOf(item, 'chunksSent'),
    mayHaveSent: item['progress']?.S === 'sending',
  };
}

/**
 * The ledger as a DynamoDB table with the partition key `key` and the TTL attribute `expiresAt`.
 * Errors of DynamoDB propagate: without its word nothing is counted.
 */
export function createDynamoDbLedger(client: DynamoDBClient, tableName: string, now: Now): Ledger {
  async function putNew(claim: LedgerClaim): Promise<boolean> {
    try {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            key: { S: claim.key },
            requestId: { S: claim.requestId },
            receivedAtMs: { N: String(claim.receivedAtMs) },
            planHash: { S: claim.planHash },
            leaseUntilMs: { N: String(claim.leaseUntilMs) },
            chunksSent: { N: '0' },
            progress: { S: 'sending' },
            expiresAt: { N: String(Math.floor(claim.receivedAtMs / 1_000) + KEEP_SECONDS) },
          },
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': 'key' },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** Takes an abandoned item over; false if another invocation was faster. */
  async function takeOver(claim: LedgerClaim, item: Item): Promise<boolean> {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { key: { S: claim.key } },
          UpdateExpression: 'SET requestId = :new, leaseUntilMs = :until, progress = :sending',
          ConditionExpression: 'requestId = :old AND leaseUntilMs = :oldUntil AND progress <> :done',
          ExpressionAttributeValues: {
            ':new': { S: claim.requestId },
            ':until': { N: String(claim.leaseUntilMs) },
            ':sending': { S: 'sending' },
            ':done': { S: 'done' },
            ':old': item['requestId'] ?? { S: '' },
            ':oldUntil': item['leaseUntilMs'] ?? { N: '0' },
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    claim: async (claim) => {
      if (await putNew(claim)) return { status: 'claimed' };
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { key: { S: claim.key } }, ConsistentRead: true }),
      );
      if (item === undefined) return { status: 'leased' };
      const progress = item['progress']?.S;
      if (progress === 'done') return { status: 'done' };
      const isLive = progress === 'sending' && numberOf(item, 'leaseUntilMs') > now().getTime();
      if (isLive && item['requestId']?.S !== claim.requestId) return { status: 'leased' };
      return (await takeOver(claim, item)) ? resumed(item) : { status: 'leased' };
    },
    record: async ({ key, requestId, chunksSent, status }) => {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { key: { S: key } },
          UpdateExpression: 'SET chunksSent = :sent, progress = :progress',
          ConditionExpression: 'requestId = :requestId',
          ExpressionAttributeValues: {
            ':sent': { N: String(chunksSent) },
            ':progress': { S: status },
            ':requestId': { S: requestId },
          },
        }),
      );
    },
  };
}
