import { gunzipSync, gzipSync } from 'node:zlib';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

/** A conditional write of one JSON document. */
export type DocumentWrite = {
  readonly tableName: string;
  readonly key: string;
  readonly document: unknown;
  /** The attribute that every writer changes, with its new value and the one it must still have; `null`: no item. */
  readonly guard: { readonly name: string; readonly value: number; readonly expected: number | null };
  /** Further attributes, for indexes. */
  readonly attributes?: Record<string, AttributeValue>;
};

/**
 * An item holds 400 KB, and the state of an evaluator in whose eyes all of 1,200 stages fail has 570 KB, which pack into a
 * fiftieth. What is shorter than this stays text, which people can read.
 *
 * @see {@link https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html}
 */
const MAX_TEXT_BYTES = 100_000;

function toAttribute(document: unknown): AttributeValue {
  const text = JSON.stringify(document);
  return Buffer.byteLength(text) <= MAX_TEXT_BYTES ? { S: text } : { B: gzipSync(text) };
}

/**
 * Writes an item `{key, document, …}` if its guard has not changed since it was read.
 *
 * @returns False if another writer was first
 */
export async function writeDocument(client: DynamoDBClient, write: DocumentWrite): Promise<boolean> {
  const { tableName, key, document, guard, attributes } = write;
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: {
          ...attributes,
          key: { S: key },
          document: toAttribute(document),
          [guard.name]: { N: String(guard.value) },
        },
        ConditionExpression: guard.expected === null ? 'attribute_not_exists(#key)' : '#guard = :expected',
        ExpressionAttributeNames: guard.expected === null ? { '#key': 'key' } : { '#guard': guard.name },
        ...(guard.expected !== null && {
          ExpressionAttributeValues: { ':expected': { N: String(guard.expected) } },
        }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Reads the document of an item that {@link writeDocument} wrote, or `null` for no item. */
export function parseDocument<T>(item: Record<string, AttributeValue> | undefined): T | null {
  const { S, B } = item?.['document'] ?? {};
  const text = B === undefined ? S : gunzipSync(B).toString('utf8');
  return text === undefined ? null : (JSON.parse(text) as T);
}
