import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createAnswerCustomResource } from '#shared/adapters/cloudformation-answer-custom-resource.ts';
import { createLogGroups } from '#shared/adapters/cloudwatch-logs-log-groups.ts';
import { createDynamoDbInventory, emptyWithoutTable } from '#shared/adapters/dynamodb-inventory.ts';
import { createPaceCalls } from '#shared/adapters/pace-calls.ts';
import { createHandleCustomResource } from '#shared/application/handle-custom-resource.ts';
import { createUnsubscribeLogGroups } from '#shared/application/unsubscribe-log-groups.ts';
import { readEnvironment } from './environment.ts';

/** For three attempts to answer. */
const RESERVE_MS = 25_000;

/** Of the resource where CloudFormation has none yet: there is one per stack. */
const PHYSICAL_RESOURCE_ID = 'gatewatch-subscriptions';

const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: 'unsubscribe-log-groups' });
const options = createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME);
const clock = { now: () => new Date(), wait: (milliseconds: number) => wait(milliseconds) };
const paceLogs = createPaceCalls({ callsPerSecond: 4, ...clock }); // of five for the account and action

const unsubscribeLogGroups = createUnsubscribeLogGroups({
  inventory: emptyWithoutTable(
    createDynamoDbInventory(new DynamoDBClient(options), env.INVENTORY_TABLE_NAME),
  ),
  logGroups: createLogGroups(paceLogs(new CloudWatchLogsClient(options))),
  stackName: env.STACK_NAME,
});

const handleCustomResource = createHandleCustomResource({
  onDelete: async (hasTime) => {
    const { logGroups, unreadableItems } = await unsubscribeLogGroups(hasTime);
    logger.info('Filters taken away', { logGroups });
    if (unreadableItems.count > 0)
      logger.warn('Inventory items cannot be read; filters that only they knew of stay', unreadableItems);
  },
  answer: createAnswerCustomResource(clock.wait),
  wait: clock.wait,
});

/** Called by CloudFormation. It gets an answer in any case; an answer that does not get through is an error here. */
export const handler = async (event: CloudFormationCustomResourceEvent, context: Context): Promise<void> => {
  const request = {
    type: event.RequestType,
    responseUrl: event.ResponseURL,
    stackId: event.StackId,
    requestId: event.RequestId,
    logicalResourceId: event.LogicalResourceId,
    physicalResourceId: event.RequestType === 'Create' ? PHYSICAL_RESOURCE_ID : event.PhysicalResourceId,
  };
  const outcome = await handleCustomResource(request, context.getRemainingTimeInMillis() - RESERVE_MS);
  logger.info('CloudFormation answered', { type: request.type, ...outcome });
};
