import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  isOwn,
  isUntouched,
  itemOf,
  type LedgerItem,
  type NamedClaim,
  numberOf,
  resumed,
  tallyItem,
} from '#shared/adapters/dynamodb-ledger-item.ts';
import type { Ledger, LedgerAnswer, LedgerClaim, LedgerProgress } from '#shared/application/ledger-ports.ts';
import type { Now } from '#shared/application/ports.ts';

type Table = { readonly client: DynamoDBClient; readonly tableName: string };

/** The answer to a conditional write, or `null` if the condition did not hold. */
async function ifCondition<T>(write: Promise<T>): Promise<T | null> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}

async function putNew({ client, tableName }: Table, claim: NamedClaim): Promise<boolean> {
  const command = new PutItemCommand({
    TableName: tableName,
    Item: itemOf(claim),
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': 'key' },
  });
  return (await ifCondition(client.send(command))) !== null;
}

/** Begins an item anew that stopped before anything was sent: no plan binds it. False if somebody else was faster. */
async function putAgain({ client, tableName }: Table, claim: NamedClaim, item: LedgerItem): Promise<boolean> {
  const command = new PutItemCommand({
    TableName: tableName,
    Item: itemOf(claim),
    ConditionExpression: 'requestId = :old AND leaseUntilMs = :oldUntil AND progress = :stopped',
    ExpressionAttributeValues: {
      ':old': item['requestId'] ?? { S: '' },
      ':oldUntil': item['leaseUntilMs'] ?? { N: '0' },
      ':stopped': { S: 'stopped' },
    },
  });
  return (await ifCondition(client.send(command))) !== null;
}

/**
 * Takes an abandoned item over. Its former holder may have recorded more since it was read: the answer is the item as
 * it was at the very moment of the change. `null` if another invocation was faster.
 */
async function takeOver(
  { client, tableName }: Table,
  claim: LedgerClaim,
  item: LedgerItem,
): Promise<LedgerItem | null> {
  const command = new UpdateItemCommand({
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
    ReturnValues: 'ALL_OLD',
  });
  const output = await ifCondition(client.send(command));
  return output?.Attributes ?? null;
}

async function claimKnown(table: Table, claim: NamedClaim, nowMs: number): Promise<LedgerAnswer> {
  const { client, tableName } = table;
  const { Item: item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { key: { S: claim.key } }, ConsistentRead: true }),
  );
  if (item === undefined) return { status: 'leased' };
  if (isOwn(item, claim)) return { status: 'claimed' };
  const progress = item['progress']?.S;
  if (progress === 'done') return { status: 'done' };
  const isLive = progress === 'sending' && numberOf(item, 'leaseUntilMs') > nowMs;
  if (isLive) return { status: 'leased' };
  if (isUntouched(item)) return { status: (await putAgain(table, claim, item)) ? 'claimed' : 'leased' };
  const taken = await takeOver(table, claim, item);
  return taken === null ? { status: 'leased' } : resumed(taken);
}

async function recordProgress({ client, tableName }: Table, progress: LedgerProgress): Promise<void> {
  const { possiblyRepeatedEvents, tooOldEvents, refusedEvents } = tallyItem(progress);
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { key: { S: progress.key } },
      UpdateExpression:
        'SET chunksSent = :sent, possiblyRepeatedEvents = :repeated, tooOldEvents = :old, refusedEvents = :refused, progress = :progress, isParking = :parking',
      ConditionExpression: 'requestId = :requestId AND leaseUntilMs = :until',
      ExpressionAttributeValues: {
        ':sent': { N: String(progress.chunksSent) },
        ':repeated': possiblyRepeatedEvents,
        ':old': tooOldEvents,
        ':refused': refusedEvents,
        ':progress': { S: progress.status },
        ':parking': { BOOL: progress.isParking },
        ':requestId': { S: progress.requestId },
        ':until': { N: String(progress.leaseUntilMs) },
      },
    }),
  );
}

/**
 * The ledger as a DynamoDB table with the partition key `key` and the TTL attribute `expiresAt`.
 * Errors of DynamoDB propagate: without its word nothing is counted.
 */
export function createDynamoDbLedger(client: DynamoDBClient, tableName: string, now: Now): Ledger {
  const table = { client, tableName };
  return {
    claim: async (wanted) => {
      const claim = { ...wanted, claimId: randomUUID() };
      return (await putNew(table, claim)) ? { status: 'claimed' } : claimKnown(table, claim, now().getTime());
    },
    record: (progress) => recordProgress(table, progress),
  };
}
