import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createPublishMetricData } from '#shared/adapters/cloudwatch-publish-metric-data.ts';
import { createDynamoDbLedger } from '#shared/adapters/dynamodb-ledger.ts';
import { createRecordDoubt, createRecordParked } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { decodeParkedChunk } from '#shared/adapters/parked-chunk-message.ts';
import { SQS_OPTIONS } from '#shared/adapters/sqs-client-options.ts';
import { createSqsKeepPointer } from '#shared/adapters/sqs-keep-pointer.ts';
import { createSendParkedMetrics } from '#shared/application/send-parked-metrics.ts';
import { readEnvironment } from './environment.ts';

const NAME = 'send-parked-metrics';
const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: NAME });
const recordParked = createRecordParked(NAME);
const now = () => new Date();
const clientOptions = createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME);
const sqs = new SQSClient({ ...SQS_OPTIONS, ...clientOptions });

const sendParkedMetrics = createSendParkedMetrics({
  decodeParkedChunk,
  ledger: createDynamoDbLedger(new DynamoDBClient(clientOptions), env.LEDGER_TABLE_NAME, now),
  // One attempt a call: a resent PutMetricData counts twice, so the use case decides about every repeat.
  publishMetricData: createPublishMetricData(new CloudWatchClient({ maxAttempts: 1, ...clientOptions })),
  recordDoubt: createRecordDoubt(NAME),
  keepPointer: createSqsKeepPointer(sqs, env.DEAD_LETTERS_URL, NAME),
  now,
  wait: (milliseconds) => wait(milliseconds),
});

/** Runs for what waits in the queue. What CloudWatch has no room for comes again; outages propagate, with the same end. */
export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadlineMs = Date.now() + context.getRemainingTimeInMillis();
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of event.Records) {
    const report = await sendParkedMetrics(body, { requestId: context.awsRequestId, deadlineMs });
    recordParked(report);
    logger.info('Parked metric data handled', { messageId, ...report });
    if (report.status === 'put-off') batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
};
