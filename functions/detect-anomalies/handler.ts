import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import { createDynamoDbEvaluations } from '#shared/adapters/dynamodb-evaluations.ts';
import { createDynamoDbReadInventory } from '#shared/adapters/dynamodb-read-inventory.ts';
import { createRecordEvaluation } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { createPublishAlertEvents } from '#shared/adapters/eventbridge-publish-alert-events.ts';
import { createDetectAnomalies } from '#shared/application/detect-anomalies.ts';
import { inTurn } from '#shared/application/in-turn.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import { named } from '#shared/application/subscription-report.ts';
import { createWatchEvaluation } from '#shared/application/watch-evaluation.ts';
import { readEnvironment } from './environment.ts';

const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: 'detect-anomalies' });
const recordEvaluation = createRecordEvaluation('detect-anomalies');
const now = () => new Date();
const clientOptions = createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME);
const dynamoDb = new DynamoDBClient(clientOptions);
const account = { accountId: env.ACCOUNT_ID, region: env.AWS_REGION };
const warnUnreadable = (keys: readonly string[]): void =>
  logger.warn('Inventory items cannot be read and are left out', named(keys));
const evaluations = createDynamoDbEvaluations(dynamoDb, env.EVALUATIONS_TABLE_NAME);
const settleSeconds = env.SETTLE_SECONDS;
const runEvaluation = createRunEvaluation({
  account,
  evaluations,
  readInventory: createDynamoDbReadInventory(dynamoDb, env.INVENTORY_TABLE_NAME, now, warnUnreadable),
  publishEvents: createPublishAlertEvents(new EventBridgeClient(clientOptions), env.EVENT_BUS_NAME),
  now,
  settleSeconds,
});

const detectAnomalies = createDetectAnomalies({
  account,
  availabilityTargetRatio: env.AVAILABILITY_TARGET_RATIO,
  readMetrics: createReadMetrics(new CloudWatchClient(clientOptions)),
  runEvaluation,
});
const watchEvaluation = createWatchEvaluation('detect-anomalies', {
  account,
  evaluations,
  runEvaluation,
  now,
  settleSeconds,
});

async function anomalies(): Promise<void> {
  const { logging, errors, latency } = await detectAnomalies();
  recordEvaluation();
  logger.info('Anomalies looked for', {
    logging: logging.status,
    errors: errors.status,
    latency: latency.status,
  });
}

async function watch(): Promise<void> {
  await watchEvaluation();
}

/** Runs on a schedule. Errors propagate, so that Lambda retries and the `Errors` alarm fires. */
export const handler = (): Promise<void> => inTurn([watch, anomalies]);
