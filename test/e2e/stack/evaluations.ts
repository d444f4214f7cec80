import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';

type State = { throughMs: number; baseMs: number };

/** Reads how far an evaluator is. */
export async function readWatermark(
  client: DynamoDBClient,
  tableName: string,
  evaluator: string,
): Promise<State | null> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { key: { S: evaluator } } }),
  );
  const document = Item?.['document']?.S;
  return document === undefined ? null : (JSON.parse(document) as State);
}

/**
 * Sets an evaluator back, as if it had not run since. What it knew at the base of its window stays.
 *
 * @param minutes - By how much; the base goes back only where the watermark would come before it
 */
export async function setBack(
  client: DynamoDBClient,
  tableName: string,
  evaluator: string,
  minutes: number,
): Promise<void> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { key: { S: evaluator } } }),
  );
  if (Item === undefined) throw new Error(`${evaluator} has not run yet`);
  const state = JSON.parse(Item['document']?.S ?? '') as State;
  const throughMs = state.throughMs - minutes * 60_000;
  const document = { ...state, throughMs, baseMs: Math.min(state.baseMs, throughMs) };
  await client.send(
    new PutItemCommand({
      TableName: tableName,
      Item: { ...Item, document: { S: JSON.stringify(document) }, throughMs: { N: String(throughMs) } },
    }),
  );
}

/**
 * Makes the quota that the functions share look as if it had been read earlier.
 *
 * @param ageMs - How much earlier, milliseconds
 */
export async function ageQuota(client: DynamoDBClient, tableName: string, ageMs: number): Promise<void> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { key: { S: 'quota' } } }),
  );
  if (Item === undefined) throw new Error('The quota has not been read yet');
  const stored = JSON.parse(Item['document']?.S ?? '') as { readAtMs: number };
  const readAtMs = stored.readAtMs - ageMs;
  await client.send(
    new PutItemCommand({
      TableName: tableName,
      Item: {
        ...Item,
        document: { S: JSON.stringify({ ...stored, readAtMs }) },
        readAtMs: { N: String(readAtMs) },
      },
    }),
  );
}
