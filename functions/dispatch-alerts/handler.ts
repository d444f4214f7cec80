import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbMutes } from '#shared/adapters/dynamodb-mutes.ts';
import { createDynamoDbOutboxes } from '#shared/adapters/dynamodb-outboxes.ts';
import { createRecordDispatch } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { createSlackWebhookReceiver } from '#shared/adapters/slack-webhook-receiver.ts';
import { createSnsReceiver } from '#shared/adapters/sns-receiver.ts';
import { createSsmReadSecret } from '#shared/adapters/ssm-read-secret.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import { receiveAlarm } from '#shared/application/receive-alarm.ts';
import type { AlertInput } from '#shared/config/alarm-event.ts';
import { parseAlertInput } from '#shared/config/alert-input.ts';
import { readEnvironment } from './environment.ts';

const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: 'dispatch-alerts' });
const recordDispatch = createRecordDispatch('dispatch-alerts');
const now = () => new Date();
const clientOptions = createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME);
// Two attempts: all deliveries of an incident have to end before its lease does.
const options = { maxAttempts: 2, ...clientOptions };
const webhookUrl = createSsmReadSecret(new SSMClient(options), env.SLACK_WEBHOOK_PARAMETER, now);

// One attempt: the dispatcher itself repeats what was not taken, and has to know of each attempt what became of it.
const sns = new SNSClient({ ...options, maxAttempts: 1 });

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
  }),
  receivers: {
    sns: createSnsReceiver(sns, env.ALERT_TOPIC_ARN, 'warning'),
    ...(env.SLACK_WEBHOOK_PARAMETER !== '' && { slack: createSlackWebhookReceiver(webhookUrl, 'warning') }),
  },
  keepUndeliverable: async () => {},
  now,
  wait: async (ms) => {
    await wait(ms);
  },
  owner: randomUUID(), // one per execution environment, which handles one event at a time
});

/** What the last call to a receiver takes, with what has to be written down after it. */
const LAST_CALL_MS = 12_000;

const choice = { stackName: env.STACK_NAME, names: env.ALARM_NAMES };

/**
 * Runs for every finding, every completed evaluation and every alarm. What a receiver does not take stays owed; other errors
 * propagate.
 */
export const handler = async (event: AlertInput, context: Context): Promise<void> => {
  const alertEvents = parseAlertInput(event, (change) => receiveAlarm(change, choice));
  const deadlineMs = Date.now() + context.getRemainingTimeInMillis() - LAST_CALL_MS;
  const { delivered, refused, failing } = await dispatchAlerts(alertEvents, { deadlineMs });
  recordDispatch({ delivered, failed: refused + failing.length });
  const types = alertEvents.map(({ type }) => type);
  logger.info('Alert event handled', { types, delivered, refused, failing });
};
