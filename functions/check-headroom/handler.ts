import { Logger } from '@aws-lambda-powertools/logger';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { createReadAccountThrottle } from '#shared/adapters/apigateway-read-account-throttle.ts';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createPublishMetricData } from '#shared/adapters/cloudwatch-publish-metric-data.ts';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import { createReadServiceCounts } from '#shared/adapters/cloudwatch-read-service-counts.ts';
import { createDynamoDbEvaluations } from '#shared/adapters/dynamodb-evaluations.ts';
import { createDynamoDbQuotas } from '#shared/adapters/dynamodb-quotas.ts';
import { createDynamoDbReadInventory } from '#shared/adapters/dynamodb-read-inventory.ts';
import { createRecordEvaluation } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { createPublishAlertEvents } from '#shared/adapters/eventbridge-publish-alert-events.ts';
import { createReadThrottleQuotas } from '#shared/adapters/service-quotas-read-throttle.ts';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import { createCheckSources } from '#shared/application/check-sources.ts';
import { inTurn } from '#shared/application/in-turn.ts';
import { readIdleMinutes } from '#shared/application/read-idle-minutes.ts';
import { createReadQuota } from '#shared/application/read-quota.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import { named } from '#shared/application/subscription-report.ts';
import { createWatchEvaluation } from '#shared/application/watch-evaluation.ts';
import { readEnvironment } from './environment.ts';

const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: 'check-headroom' });
const recordEvaluation = createRecordEvaluation('check-headroom');
const now = () => new Date();
const clientOptions = createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME);
const dynamoDb = new DynamoDBClient(clientOptions);
const account = { accountId: env.ACCOUNT_ID, region: env.AWS_REGION };
const warnUnreadable = (keys: readonly string[]): void =>
  logger.warn('Inventory items cannot be read and are left out', named(keys));
const cloudWatch = new CloudWatchClient(clientOptions);
const reading = {
  readMetrics: createReadMetrics(cloudWatch),
  readServiceCounts: createReadServiceCounts(cloudWatch),
};
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

const checkHeadroom = createCheckHeadroom({
  assessHeadroom: createAssessHeadroom({ account, ...reading }),
  readIdleMinutes: (stages, final) => readIdleMinutes(reading, stages, final),
  readQuota: createReadQuota({
    readAccountThrottle: createReadAccountThrottle(new APIGatewayClient(clientOptions)),
    readServiceQuotas: createReadThrottleQuotas(new ServiceQuotasClient(clientOptions)),
    override: { rateRps: env.QUOTA_RPS, burst: env.QUOTA_BURST },
    region: env.AWS_REGION,
    quotas: createDynamoDbQuotas(dynamoDb, env.EVALUATIONS_TABLE_NAME),
    now,
    tellProblems: (problems) => logger.warn('The quota could not be read from everywhere', { problems }),
  }),
  // One attempt: a resent PutMetricData counts twice.
  publishMetricData: createPublishMetricData(new CloudWatchClient({ maxAttempts: 1, ...clientOptions })),
  runEvaluation,
});
const checkSources = createCheckSources({ account, ...reading, runEvaluation });
const watchEvaluation = createWatchEvaluation('check-headroom', {
  account,
  evaluations,
  runEvaluation,
  now,
  settleSeconds,
});

async function headroom(): Promise<void> {
  const { outcome, minutes } = await checkHeadroom();
  recordEvaluation();
  logger.info('Headroom checked', { status: outcome.status, headroom: minutes.at(-1) ?? null });
}

async function sources(): Promise<void> {
  const { comparison } = await checkSources();
  if (comparison === null) return;
  logger.info('Sources compared', { requests: comparison.account, reasons: comparison.reasons });
}

async function watch(): Promise<void> {
  await watchEvaluation();
}

/** Runs on a schedule. Errors propagate, so that Lambda retries and the `Errors` alarm fires. */
export const handler = (): Promise<void> => inTurn([headroom, sources, watch]);
