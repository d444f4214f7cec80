import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbMutes } from '#shared/adapters/dynamodb-mutes.ts';
import { createDynamoDbOutboxes } from '#shared/adapters/dynamodb-outboxes.ts';
import { createRecordDispatch, createRecordHeartbeat } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { createSlack } from '#shared/adapters/slack-by-settings.ts';
import { createSnsCheckTopic } from '#shared/adapters/sns-check-topic.ts';
import { createSnsReceiver } from '#shared/adapters/sns-receiver.ts';
import { SQS_OPTIONS } from '#shared/adapters/sqs-client-options.ts';
import { createSqsKeepUndeliverable } from '#shared/adapters/sqs-keep-undeliverable.ts';
import { createSsmReadSecret } from '#shared/adapters/ssm-read-secret.ts';
import { createCheckReceivers } from '#shared/application/check-receivers.ts';
import { LAST_CALL_MS } from '#shared/application/deliver-owed.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { countDispatch } from '#shared/application/dispatch-counts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import { receiveAlarm } from '#shared/application/receive-alarm.ts';
import { withRunbook } from '#shared/application/with-runbook.ts';
import type { AlertInput } from '#shared/config/alarm-event.ts';
import { isHeartbeat } from '#shared/config/alert-event.ts';
import { parseAlertInput } from '#shared/config/alert-input.ts';
import { readEnvironment } from './environment.ts';

const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: 'dispatch-alerts' });
const recordDispatch = createRecordDispatch('dispatch-alerts');
const now = () => new Date();
const pause = async (ms: number): Promise<void> => {
  await sleep(ms);
};
// Two attempts: what is written down after a call has to end before the lease does.
const options = { maxAttempts: 2, ...createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME) };
// One attempt: the dispatcher itself repeats what was not taken, and has to know of each attempt what became of it.
const sns = new SNSClient({ ...options, maxAttempts: 1 });
const ssm = new SSMClient(options);
const slack = await createSlack(
  {
    tokenParameter: env.SLACK_TOKEN_PARAMETER,
    webhookParameter: env.SLACK_WEBHOOK_PARAMETER,
    channel: env.SLACK_CHANNEL,
    mention: env.SLACK_MENTION,
    apiUrl: env.SLACK_API_URL,
    minSeverity: env.SLACK_MIN_SEVERITY,
  },
  { secretOf: (name) => createSsmReadSecret(ssm, name, now), now },
);

const dynamoDb = new DynamoDBClient(options);
const incidents = createDynamoDbIncidents(dynamoDb, env.INCIDENTS_TABLE_NAME);
const dispatchAlerts = createDispatchAlerts({
  account: { accountId: env.ACCOUNT_ID, region: env.AWS_REGION },
  incidents,
  outboxes: createDynamoDbOutboxes(dynamoDb, env.INCIDENTS_TABLE_NAME),
  holdBack: createHoldBack({
    mutes: createDynamoDbMutes(dynamoDb, env.INCIDENTS_TABLE_NAME),
    incidents,
    now,
    wait: pause,
  }),
  receivers: {
    sns: withRunbook(createSnsReceiver(sns, env.ALERT_TOPIC_ARN, env.SNS_MIN_SEVERITY), env.RUNBOOK_URL),
    ...(slack !== null && { slack: withRunbook(slack.receiver, env.RUNBOOK_URL) }),
  },
  keepUndeliverable: createSqsKeepUndeliverable(
    new SQSClient({ ...options, ...SQS_OPTIONS }),
    env.DEAD_LETTERS_URL,
  ),
  now,
  wait: pause,
  owner: randomUUID(), // one per execution environment, which handles one event at a time
});

const checkReceivers = createCheckReceivers(
  {
    sns: createSnsCheckTopic(sns, env.ALERT_TOPIC_ARN),
    ...(slack !== null && { slack: slack.check }),
  },
  createRecordHeartbeat('dispatch-alerts'),
);

const choice = { stackName: env.STACK_NAME, names: env.ALARM_NAMES };

/** Logged and not thrown: Lambda would repeat it at once and keep it, while the next hour's says more. */
async function beat(): Promise<void> {
  try {
    await checkReceivers();
    logger.info('Receivers checked');
  } catch (error) {
    logger.error('Receivers could not be told anything', error as Error);
  }
}

/**
 * Runs for every finding, every completed evaluation and every alarm, and on two schedules. What a receiver does not take stays owed;
 * other errors propagate, so that Lambda repeats what failed.
 */
export const handler = async (event: AlertInput, context: Context): Promise<void> => {
  if (isHeartbeat(event)) return beat();
  const alertEvents = parseAlertInput(event, (change) => receiveAlarm(change, choice));
  const deadlineMs = Date.now() + context.getRemainingTimeInMillis() - LAST_CALL_MS;
  const report = await dispatchAlerts(alertEvents, { deadlineMs });
  recordDispatch(countDispatch(report, Date.now()));
  logger.info('Alert event handled', { types: alertEvents.map(({ type }) => type), ...report });
};
