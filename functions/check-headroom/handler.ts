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
import { createDynamoDbEvaluations } from '#shared/adapters/dynamodb-evaluations.ts';
import { createDynamoDbQuotas } from '#shared/adapters/dynamodb-quotas.ts';
import { createDynamoDbReadInventory } from '#shared/adapters/dynamodb-read-inventory.ts';
import { createRecordEvaluation } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { createPublishAlertEvents } from '#shared/adapters/eventbridge-publish-alert-events.ts';
import { createReadThrottleQuotas } from '#shared/adapters/service-quotas-read-throttle.ts';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import { createReadQuota } from '#shared/application/read-quota.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import { named } from '#shared/application/subscription-report.ts';
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

const checkHeadroom = createCheckHeadroom({
  assessHeadroom: createAssessHeadroom({
    account,
    readMetrics: createReadMetrics(new CloudWatchClient(clientOptions)),
  }),
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
  runEvaluation: createRunEvaluation({
    account,
    evaluations: createDynamoDbEvaluations(dynamoDb, env.EVALUATIONS_TABLE_NAME),
    readInventory: createDynamoDbReadInventory(dynamoDb, env.INVENTORY_TABLE_NAME, now, warnUnreadable),
    publishEvents: createPublishAlertEvents(new EventBridgeClient(clientOptions), env.EVENT_BUS_NAME),
    now,
    settleSeconds: env.SETTLE_SECONDS,
  }),
});

/** Runs on a schedule. Errors propagate, so that Lambda retries and the `Errors` alarm fires. */
export const handler = async (): Promise<void> => {
  const { outcome, minutes } = await checkHeadroom();
  recordEvaluation();
  logger.info('Headroom checked', { status: outcome.status, headroom: minutes.at(-1) ?? null });
};
