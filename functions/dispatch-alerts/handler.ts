import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, EventBridgeEvent } from 'aws-lambda';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbMutes } from '#shared/adapters/dynamodb-mutes.ts';
import { createDynamoDbOutboxes } from '#shared/adapters/dynamodb-outboxes.ts';
import { createRecordDispatch } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { createSlackWebhookDeliverIncident } from '#shared/adapters/slack-webhook-deliver-incident.ts';
import { createSnsDeliverIncident } from '#shared/adapters/sns-deliver-incident.ts';
import { createSsmReadSecret } from '#shared/adapters/ssm-read-secret.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { DeliverIncident } from '#shared/application/ports.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';
import { parseAlertEvent } from '#shared/config/alert-event.ts';
import { readEnvironment } from './environment.ts';

const env = readEnvironment(process.env); // on a cold start; names every bad variable
const logger = new Logger({ serviceName: 'dispatch-alerts' });
const recordDispatch = createRecordDispatch('dispatch-alerts');
const now = () => new Date();
const clientOptions = createClientOptions(env.AWS_LAMBDA_FUNCTION_NAME);
// Two attempts: all deliveries of an incident have to end before its lease does.
const options = { maxAttempts: 2, ...clientOptions };
const webhookUrl = createSsmReadSecret(new SSMClient(options), env.SLACK_WEBHOOK_PARAMETER, now);

function receiverOf(deliver: DeliverIncident): Receiver {
  return {
    canEdit: false,
    minSeverity: 'warning',
    intervalMs: 0,
    find: null,
    send: async ({ summary, incident }) => {
      try {
        await deliver(summary, incident);
        return { type: 'sent', place: null };
      } catch (error) {
        return { type: 'unknown', reason: error instanceof Error ? error.message : 'unknown' };
      }
    },
  };
}

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
    sns: receiverOf(createSnsDeliverIncident(new SNSClient(options), env.ALERT_TOPIC_ARN)),
    ...(env.SLACK_WEBHOOK_PARAMETER !== '' && {
      slack: receiverOf(createSlackWebhookDeliverIncident(webhookUrl.read)),
    }),
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

/** Runs for every finding and every completed evaluation. What a receiver does not take stays owed; other errors propagate. */
export const handler = async (event: EventBridgeEvent<string, unknown>, context: Context): Promise<void> => {
  const alertEvent = parseAlertEvent(event);
  const deadlineMs = Date.now() + context.getRemainingTimeInMillis() - LAST_CALL_MS;
  const { delivered, refused, failing } = await dispatchAlerts([alertEvent], { deadlineMs });
  recordDispatch({ delivered, failed: refused + failing.length });
  logger.info('Alert event handled', { type: alertEvent.type, delivered, refused, failing });
};
