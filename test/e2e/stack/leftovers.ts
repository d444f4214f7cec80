import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '#test/e2e/stack/clients.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';

/** What there still is of a removed stack, by name; metrics and the deleted key's waiting time are documented. */
export async function listLeftovers(clients: Clients): Promise<string[]> {
  const [stacks, functions, tables, queues, topics, groups, alarms] = await Promise.all([
    clients.cloudFormation.send(new ListStacksCommand({})),
    clients.lambda.send(new ListFunctionsCommand({})),
    clients.dynamoDb.send(new ListTablesCommand({})),
    clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: STACK_NAME })),
    clients.sns.send(new ListTopicsCommand({})),
    clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/lambda/${STACK_NAME}` })),
    clients.cloudWatch.send(new DescribeAlarmsCommand({})),
  ]);
  const live = (stacks.StackSummaries ?? []).filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  const names = [
    ...live.map(({ StackName }) => StackName),
    ...(functions.Functions ?? []).map(({ FunctionName }) => FunctionName),
    ...(tables.TableNames ?? []),
    ...(queues.QueueUrls ?? []),
    ...(topics.Topics ?? []).map(({ TopicArn }) => TopicArn),
    ...(groups.logGroups ?? []).map(({ logGroupName }) => logGroupName),
    ...(alarms.MetricAlarms ?? []).map(({ AlarmName }) => AlarmName),
  ];
  return names.filter((name) => name?.includes(STACK_NAME)).map(String);
}
