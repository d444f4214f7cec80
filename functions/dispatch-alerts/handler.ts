import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { EventBridgeEvent } from 'aws-lambda';
import { createClientOptions } from '#shared/adapters/client-options.ts';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createRecordDispatch } from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { createSlackWebhookDeliverIncident } from '#shared/adapters/slack-webhook-deliver-incident.ts';
import { createSnsDeliverIncident } from '#shared/adapters/sns-deliver-incident.ts';
import { createSsmReadSecret } from '#shared/adapters/ssm-read-secret.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
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

const dispatchAlerts = createDispatchAlerts({
  incidents: createDynamoDbIncidents(new DynamoDBClient(options), env.INCIDENTS_TABLE_NAME),
  targets: {
    sns: createSnsDeliverIncident(new SNSClient(options), env.ALERT_TOPIC_ARN),
    ...(env.SLACK_WEBHOOK_PARAMETER !== '' && { slack: createSlackWebhookDeliverIncident(webhookUrl.read) }),
  },
  now,
  owner: randomUUID(), // one per execution environment, which handles one event at a time
});

/** Runs for every finding and every completed evaluation. Errors propagate: what is owed stays in the incident. */
export const handler = async (event: EventBridgeEvent<string, unknown>): Promise<void> => {
  const alertEvent = parseAlertEvent(event);
  try {
    const { delivered } = await dispatchAlerts([alertEvent]);
    recordDispatch({ delivered, failed: 0 });
    logger.info('Alert event handled', { type: alertEvent.type, delivered });
  } catch (error) {
    recordDispatch({ delivered: 0, failed: error instanceof AggregateError ? error.errors.length : 0 });
    throw error;
  }
};
