import * as v from 'valibot';
import type { Letter } from '#shared/domain/dead-letters/letter.ts';
import { POISON_REASONS, type PointerMessage } from '#shared/domain/dead-letters/pointer.ts';
import { toRedrivenEvent, type UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';

/** Who tells receivers. */
const DISPATCH_FUNCTION = 'dispatch-alerts';

/** Who sends what waited for CloudWatch. */
const PARKED_FUNCTION = 'send-parked-metrics';

const Name = v.pipe(v.string(), v.maxLength(200));
const Count = v.nullable(v.pipe(v.number(), v.minValue(0)));

const PointerSchema = v.object({
  schemaVersion: v.literal(1),
  type: v.literal('pointer'),
  function: Name,
  reason: v.picklist(POISON_REASONS),
  requestId: Name,
  ledgerKey: v.nullable(Name),
  owner: v.nullable(Name),
  logGroup: v.nullable(v.pipe(v.string(), v.maxLength(512))),
  logStream: v.nullable(v.pipe(v.string(), v.maxLength(512))),
  firstEventId: v.nullable(Name),
  lastEventId: v.nullable(Name),
  events: Count,
  receivedAt: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
  chunksSent: Count,
  chunks: Count,
  sizeBytes: Count,
});

const ParkedSchema = v.object({
  schemaVersion: v.literal(1),
  key: Name,
  chunkIndex: v.number(),
  data: v.string(),
});

/** Keys hold names of APIs and alarms; the longest name of an alarm has 255 characters. */
const Key = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1_000));

const UndeliverableSchema = v.object({
  schemaVersion: v.literal(1),
  type: v.literal('undeliverable'),
  receiver: Name,
  storyKey: Key,
  incidentId: Key,
  version: v.number(),
  reason: Name,
  refusedAt: v.pipe(v.string(), v.isoTimestamp()),
});

/**
 * What Lambda puts into the queue of a failed asynchronous invocation.
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html}
 */
const RecordSchema = v.object({
  requestContext: v.object({
    functionArn: v.pipe(v.string(), v.regex(/^arn:[\w-]+:lambda:/)),
    condition: v.string(),
  }),
  requestPayload: v.record(v.string(), v.unknown()),
  responsePayload: v.optional(v.nullable(v.object({ errorType: v.optional(v.string()) }))),
});

/** Names of error classes and of Lambda's own reasons; anything else may be text from anywhere. */
const PLAIN_NAME = /^[A-Za-z][\w.-]{0,79}$/;

function plain(...names: readonly (string | undefined)[]): string {
  return names.find((name) => name !== undefined && PLAIN_NAME.test(name)) ?? 'unknown';
}

/** `arn:aws:lambda:us-east-1:123456789012:function:NAME:$LATEST`. */
function functionNameOf(arn: string): string {
  return arn.split(':')[6] ?? '';
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Reads what can be told about a dead letter. */
export function parseLetter(body: string): Letter {
  const value = parseJson(body);
  const record = v.safeParse(RecordSchema, value);
  if (record.success) {
    const { requestContext, responsePayload } = record.output;
    const { functionArn, condition } = requestContext;
    const reason = plain(responsePayload?.errorType, condition);
    return { kind: 'batch', functionName: functionNameOf(functionArn), reason };
  }
  const pointer = v.safeParse(PointerSchema, value);
  if (pointer.success) {
    const { function: functionName, reason } = pointer.output;
    return { kind: 'pointer', functionName, reason, pointer: pointer.output satisfies PointerMessage };
  }
  const undeliverable = v.safeParse(UndeliverableSchema, value);
  if (undeliverable.success) {
    const message = undeliverable.output satisfies UndeliverableLetter;
    // `HTTP 403` is a word of the receiver's, and no word that can be given as an option.
    const reason = plain(message.reason.replaceAll(' ', '-'));
    return { kind: 'undeliverable', functionName: DISPATCH_FUNCTION, reason, message };
  }
  const isParked = v.safeParse(ParkedSchema, value).success;
  return isParked
    ? { kind: 'parked', functionName: PARKED_FUNCTION, reason: 'not-taken' }
    : { kind: 'unknown', functionName: 'unknown', reason: 'unknown' };
}

/** The event that tries a letter of kind `batch` or `undeliverable` again, as JSON. */
export function eventOf(body: string): string {
  const value = JSON.parse(body);
  const undeliverable = v.safeParse(UndeliverableSchema, value);
  return JSON.stringify(
    undeliverable.success
      ? toRedrivenEvent(undeliverable.output)
      : v.parse(RecordSchema, value).requestPayload,
  );
}
