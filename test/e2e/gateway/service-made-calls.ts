import type { AwsCall } from '#test/e2e/gateway/aws-call.ts';
import { ACCOUNT_ID, REGION } from '#test/e2e/gateway/aws-call.ts';
import type { DeployedStack } from '#test/e2e/stack/deployed-stack.ts';
import { SLACK_TOKEN_PARAMETER } from '#test/e2e/stack/emulated-aws.ts';

/** The part of a call that other services make as the function's role, so that it does not come by here. */
type ServiceMadeCall = Pick<AwsCall, 'action' | 'resource' | 'context'>;

/** The queue for failed asynchronous invocations, by function; what a schedule began is made up for by its next run. */
const DEAD_LETTERS: Readonly<Record<string, string>> = {
  'check-headroom': 'MissedRuns',
  'detect-anomalies': 'MissedRuns',
  'dispatch-alerts': 'AlertDeadLetters',
  'ingest-access-logs': 'IngestDeadLetters',
  'ingest-execution-logs': 'IngestDeadLetters',
  'subscribe-log-groups': 'MissedRuns',
  'unsubscribe-log-groups': 'AlertDeadLetters',
};

/** The queue that Lambda reads for a function. */
const SOURCES: Readonly<Record<string, string>> = { 'send-parked-metrics': 'ParkedMetrics' };

/** Lambda writes the function's log, keeps failed invocations and reads queues. */
function lambdaCalls(
  functionName: string,
  logGroup: string,
  { resources }: DeployedStack,
): ServiceMadeCall[] {
  const stream = `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:${logGroup}:log-stream:2026/01/01/[$LATEST]0`;
  const queue = (id: string): string =>
    `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${resources[id]?.split('/').at(-1)}`;
  const deadLetters = DEAD_LETTERS[functionName];
  const source = SOURCES[functionName];
  return [
    { action: 'logs:CreateLogStream', resource: stream, context: {} },
    { action: 'logs:PutLogEvents', resource: stream, context: {} },
    ...(deadLetters === undefined
      ? []
      : [{ action: 'sqs:SendMessage', resource: queue(deadLetters), context: {} }]),
    ...(source === undefined
      ? []
      : ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((operation) => ({
          action: `sqs:${operation}`,
          resource: queue(source),
          context: {},
        }))),
  ];
}

/** SNS encrypts for the publisher; Systems Manager decrypts for the reader. */
function dispatchCalls({ resources }: DeployedStack): ServiceMadeCall[] {
  const keyOf = (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/${id}`;
  const viaSns = { 'kms:ViaService': `sns.${REGION}.amazonaws.com` };
  const parameter = `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter${SLACK_TOKEN_PARAMETER}`;
  const viaSsm = {
    'kms:ViaService': `ssm.${REGION}.amazonaws.com`,
    'kms:EncryptionContext:PARAMETER_ARN': parameter,
  };
  const topicKey = keyOf(resources['AlertKey'] ?? '');
  return [
    { action: 'kms:Decrypt', resource: topicKey, context: viaSns },
    { action: 'kms:GenerateDataKey', resource: topicKey, context: viaSns },
    { action: 'kms:Decrypt', resource: keyOf('of-the-parameter'), context: viaSsm },
  ];
}

/**
 * What AWS's own services call as the role of a function. The emulator has no such calls; without these permissions a
 * function on AWS would write no log, lose its failed events, or fail to publish or read.
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html}
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html}
 * @see {@link https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html}
 */
export function serviceMadeCalls(
  functionName: string,
  logGroup: string,
  stack: DeployedStack,
): ServiceMadeCall[] {
  const calls = lambdaCalls(functionName, logGroup, stack);
  return functionName === 'dispatch-alerts' ? [...calls, ...dispatchCalls(stack)] : calls;
}
