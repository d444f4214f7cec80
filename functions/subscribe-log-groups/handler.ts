import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { createApiGateway } from '#shared/adapters/apigateway-api-gateway.ts';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createLogGroups } from '#shared/adapters/cloudwatch-logs-log-groups.ts';
import { createDynamoDbCrawls } from '#shared/adapters/dynamodb-crawls.ts';
import { createDynamoDbInventory } from '#shared/adapters/dynamodb-inventory.ts';
import { createRecordSubscriptions } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { createPaceCalls } from '#shared/adapters/pace-calls.ts';
import { createSubscribeLogGroups } from '#shared/application/subscribe-log-groups.ts';
import { EXECUTION_FILTER_PATTERN } from '#shared/domain/logs/execution/execution-line.ts';
import { readEnvironment } from './environment.ts';

/** For the last API, the crawl and the report. */
const RESERVE_MS = 20_000;

const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: 'subscribe-log-groups' });
const recordSubscriptions = createRecordSubscriptions('subscribe-log-groups');
const now = () => new Date();
const options = createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME);
const dynamoDb = new DynamoDBClient(options);
const clock = { now, wait: (milliseconds: number) => wait(milliseconds) };
const paceApiGateway = createPaceCalls({ callsPerSecond: 2, ...clock }); // of ten for the account
const paceLogs = createPaceCalls({ callsPerSecond: 4, ...clock }); // of five for the account and action

const subscribeLogGroups = createSubscribeLogGroups({
  apiGateway: createApiGateway(
    paceApiGateway(new APIGatewayClient(options)),
    paceApiGateway(new ApiGatewayV2Client(options)),
  ),
  inventory: createDynamoDbInventory(dynamoDb, env.INVENTORY_TABLE_NAME),
  crawls: createDynamoDbCrawls(dynamoDb, env.INVENTORY_TABLE_NAME),
  logGroups: createLogGroups(paceLogs(new CloudWatchLogsClient(options))),
  destinations: {
    stackName: env.STACK_NAME,
    accessLogsFunctionArn: env.ACCESS_LOGS_FUNCTION_ARN,
    executionLogsFunctionArn: env.EXECUTION_LOGS_FUNCTION_ARN,
    executionFilterPattern: EXECUTION_FILTER_PATTERN,
  },
  ownLogGroupPrefix: env.OWN_LOG_GROUP_PREFIX,
  mode: env.SUBSCRIBE_MODE,
  now,
});

/** Runs on a schedule. Errors propagate, so that the `Errors` alarm fires; the next run goes on. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  const report = await subscribeLogGroups(Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS);
  const { readErrors, subscriptionErrors, ...counts } = report;
  recordSubscriptions(report);
  logger.info('Log groups subscribed', counts);
  if (readErrors.length > 0)
    logger.warn('Some APIs, or their timeouts, could not be read', { reason: String(readErrors[0]) });
  if (counts.unreadableItems.count > 0)
    logger.warn('Inventory items cannot be read until they are written anew', counts.unreadableItems);
  const [first] = subscriptionErrors;
  if (first === undefined) return;
  logger.error('A log group could not be subscribed or unsubscribed', first as Error);
  throw new AggregateError(subscriptionErrors, 'Some log groups could not be subscribed or unsubscribed');
};
