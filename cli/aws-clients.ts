import { setTimeout as wait } from 'node:timers/promises';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createApiGateway } from '#shared/adapters/apigateway-api-gateway.ts';
import { createReadAccountThrottle } from '#shared/adapters/apigateway-read-account-throttle.ts';
import { createReadStack } from '#shared/adapters/cloudformation-read-stack.ts';
import { createLogGroups } from '#shared/adapters/cloudwatch-logs-log-groups.ts';
import { createReadLogEvents } from '#shared/adapters/cloudwatch-logs-read-log-events.ts';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import { createReadRequestTotals } from '#shared/adapters/cloudwatch-read-request-totals.ts';
import { createReadServiceCounts } from '#shared/adapters/cloudwatch-read-service-counts.ts';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbInventory, emptyWithoutTable } from '#shared/adapters/dynamodb-inventory.ts';
import { createDynamoDbMutes } from '#shared/adapters/dynamodb-mutes.ts';
import { createPublishAlertEvents } from '#shared/adapters/eventbridge-publish-alert-events.ts';
import { createInvokeLater } from '#shared/adapters/lambda-invoke-later.ts';
import { createPaceCalls } from '#shared/adapters/pace-calls.ts';
import { createReadThrottleQuotas } from '#shared/adapters/service-quotas-read-throttle.ts';
import { SQS_OPTIONS } from '#shared/adapters/sqs-client-options.ts';
import { createSqsLetterQueue } from '#shared/adapters/sqs-letter-queue.ts';
import type { ApiGateway, InventoryListing, LogGroups } from '#shared/application/inventory-ports.ts';
import type { InvokeLater, LetterQueue } from '#shared/application/letter-ports.ts';
import type { MuteStore } from '#shared/application/mute-ports.ts';
import type {
  IncidentStore,
  Now,
  PublishAlertEvents,
  ReadLogEvents,
  ReadMetrics,
  ReadQuotaNumbers,
  ReadRequestTotals,
  ReadServiceCounts,
  ReadStack,
  Wait,
} from '#shared/application/ports.ts';

/** What the command line asks of AWS. */
export type AwsPorts = {
  readonly region: string;
  /** The account of the credentials; `null` if they do not tell. */
  readonly accountId: string | null;
  readonly apiGateway: ApiGateway;
  readonly logGroups: LogGroups;
  readonly readRequestTotals: ReadRequestTotals;
  readonly readMetrics: ReadMetrics;
  readonly readServiceCounts: ReadServiceCounts;
  readonly readAccountThrottle: ReadQuotaNumbers;
  readonly readServiceQuotas: ReadQuotaNumbers;
  readonly readStack: ReadStack;
  /** The inventory of a stack; empty if its table is gone. */
  readonly listInventory: (tableName: string) => Promise<InventoryListing>;
  readonly incidents: (tableName: string) => IncidentStore;
  readonly mutes: (tableName: string) => MuteStore;
  readonly letterQueue: (queueUrl: string) => LetterQueue;
  readonly invokeLater: InvokeLater;
  /** Puts events on a bus. */
  readonly publishEvents: (busName: string) => PublishAlertEvents;
  readonly now: Now;
  readonly wait: Wait;
};

/** A laptop may be far away. The user agent says in CloudTrail whose calls these are. */
const OPTIONS = {
  userAgentAppId: 'gatewatch-cli',
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
} as const;

const CLOCK = { now: (): Date => new Date(), wait: (milliseconds: number) => wait(milliseconds) };

/**
 * Connects to AWS with the SDK's own rules for credentials, Region and endpoint. This is the only file of the command
 * line that loads the SDK: it is imported when a command needs it, so that the others start fast.
 *
 * @param region - `undefined` for the one of the profile
 * @throws {Error} If there is no Region, or there are no credentials
 */
export async function connectAws(region: string | undefined): Promise<AwsPorts> {
  const options = { ...OPTIONS, ...(region !== undefined && { region }) };
  const paceApiGateway = createPaceCalls({ callsPerSecond: 2, ...CLOCK }); // of ten for the account
  const paceLogs = createPaceCalls({ callsPerSecond: 4, ...CLOCK }); // of five for the account and action
  const sqs = new SQSClient({ ...SQS_OPTIONS, ...options });
  const cloudFormation = new CloudFormationClient(options);
  const resolvedRegion = await cloudFormation.config.region();
  const { accountId = null } = await cloudFormation.config.credentials();
  const dynamoDb = new DynamoDBClient(options);
  const cloudWatch = new CloudWatchClient(options);
  const apiGateway = paceApiGateway(new APIGatewayClient(options));
  return {
    region: resolvedRegion,
    accountId,
    apiGateway: createApiGateway(apiGateway, paceApiGateway(new ApiGatewayV2Client(options))),
    logGroups: createLogGroups(paceLogs(new CloudWatchLogsClient(options))),
    readRequestTotals: createReadRequestTotals(cloudWatch),
    readMetrics: createReadMetrics(cloudWatch),
    readServiceCounts: createReadServiceCounts(cloudWatch),
    readAccountThrottle: createReadAccountThrottle(apiGateway),
    readServiceQuotas: createReadThrottleQuotas(new ServiceQuotasClient(options)),
    readStack: createReadStack(cloudFormation),
    listInventory: (tableName) => emptyWithoutTable(createDynamoDbInventory(dynamoDb, tableName)).list(),
    incidents: (tableName) => createDynamoDbIncidents(dynamoDb, tableName),
    mutes: (tableName) => createDynamoDbMutes(dynamoDb, tableName),
    letterQueue: (queueUrl) => createSqsLetterQueue(sqs, queueUrl),
    invokeLater: createInvokeLater(new LambdaClient(options)),
    publishEvents: (busName) => createPublishAlertEvents(new EventBridgeClient(options), busName),
    ...CLOCK,
  };
}

/**
 * Half of the lowest that AWS allows an account; some Regions have 10, us-east-1 has 25. Nobody can have it raised.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html}
 */
const FILTER_LOG_EVENTS_PER_SECOND = 2.5;

/** Others may read in the same account: a call that is refused is repeated, for a quarter of a minute at most. */
const READ_ATTEMPTS = 6;

/**
 * Connects to CloudWatch Logs, to read log groups; with the same rules as {@link connectAws}.
 *
 * @param region - `undefined` for the one of the profile
 * @throws {Error} If there is no Region, or there are no credentials
 */
export async function connectLogEvents(
  region: string | undefined,
): Promise<{ readonly region: string; readonly readLogEvents: ReadLogEvents }> {
  const options = { ...OPTIONS, maxAttempts: READ_ATTEMPTS, ...(region !== undefined && { region }) };
  const client = new CloudWatchLogsClient(options);
  const resolvedRegion = await client.config.region();
  await client.config.credentials();
  const pace = createPaceCalls({ callsPerSecond: FILTER_LOG_EVENTS_PER_SECOND, ...CLOCK });
  return { region: resolvedRegion, readLogEvents: createReadLogEvents(pace(client)) };
}
