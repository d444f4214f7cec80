import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { CloudWatchLogsEvent, Context } from 'aws-lambda';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createPublishMetricData } from '#shared/adapters/cloudwatch-publish-metric-data.ts';
import { createDynamoDbLedger } from '#shared/adapters/dynamodb-ledger.ts';
import { createDynamoDbReadInventory } from '#shared/adapters/dynamodb-read-inventory.ts';
import { createRecordDoubt, createRecordIngest } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { SQS_OPTIONS } from '#shared/adapters/sqs-client-options.ts';
import { createSqsKeepPointer } from '#shared/adapters/sqs-keep-pointer.ts';
import { createSqsParkChunk } from '#shared/adapters/sqs-park-chunk.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIngestAccessLogs } from '#shared/application/ingest-access-logs.ts';
import { named } from '#shared/application/subscription-report.ts';
import { readEnvironment } from './environment.ts';

const NAME = 'ingest-access-logs';
const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: NAME });
const recordIngest = createRecordIngest(NAME);
const now = () => new Date();
const clientOptions = createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME);
const dynamoDb = new DynamoDBClient(clientOptions);
const sqs = new SQSClient({ ...SQS_OPTIONS, ...clientOptions });
// One attempt a call: a resent PutMetricData counts twice, so the use case decides about every repeat.
const cloudWatch = new CloudWatchClient({ maxAttempts: 1, ...clientOptions });
const warnUnreadable = (keys: readonly string[]): void =>
  logger.warn('Inventory items cannot be read and are left out', named(keys));

const ingestAccessLogs = createIngestAccessLogs({
  accountId: env.ACCOUNT_ID,
  decodePayload,
  readInventory: createDynamoDbReadInventory(dynamoDb, env.INVENTORY_TABLE_NAME, now, warnUnreadable),
  ledger: createDynamoDbLedger(dynamoDb, env.LEDGER_TABLE_NAME, now),
  publishMetricData: createPublishMetricData(cloudWatch),
  recordDoubt: createRecordDoubt(NAME),
  parkChunk: createSqsParkChunk(sqs, env.PARKED_METRICS_URL),
  keepPointer: createSqsKeepPointer(sqs, env.DEAD_LETTERS_URL, NAME),
  ownLogGroupPrefix: env.OWN_LOG_GROUP_PREFIX,
  now,
  wait: (milliseconds) => wait(milliseconds),
});

/** Runs for every batch that CloudWatch Logs delivers. Errors propagate: Lambda repeats, then keeps the batch. */
export const handler = async (event: CloudWatchLogsEvent, context: Context): Promise<void> => {
  const deadlineMs = Date.now() + context.getRemainingTimeInMillis();
  const report = await ingestAccessLogs(event.awslogs?.data ?? '', {
    requestId: context.awsRequestId,
    deadlineMs,
  });
  recordIngest(report);
  const { status, events, requests, repaired, unidentified, rejected } = report;
  logger.info('Access logs ingested', { status, events, requests, repaired, unidentified, rejected });
};
