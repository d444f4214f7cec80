import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { BATCH_QUEUE, readEverything } from '#test/e2e/account/everything.ts';
import { writeLog } from '#test/e2e/account/log-writer.ts';
import { channelMessages } from '#test/e2e/account/told.ts';
import { e2e, executionLogGroup, MINUTE_MS, messagesIn, table, total } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { ROTATED_TOKEN } from '#test/e2e/scenarios/alerting-heartbeat.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { setBack } from '#test/e2e/stack/evaluations.ts';
import {
  secretAccessLines,
  secretExecutionLines,
  secretPayloads,
  secretRejects,
} from '#test/fakes/secret-logs.ts';
import { createMarkers, findLeaks } from '#test/fakes/secret-markers.ts';
import { SLACK_TOKEN, WEBHOOK_PATH } from '#test/fakes/slack/slack-server.ts';

/** What CloudWatch Logs takes of one event. */
const MAX_EVENT_LENGTH = 200_000;

/** Parts of the token, of the one after it, and of the webhook's address. */
const SLACK_SECRETS = new Map([
  ['token', SLACK_TOKEN.slice(-12)],
  ['rotated token', ROTATED_TOKEN.slice(-12)],
  ['webhook', WEBHOOK_PATH.slice(-12)],
]);

/** Secrets in every field and line come in; none may come out. */
export function describePrivacy(): void {
  describe('what never leaves the parser', () => {
    const markers = createMarkers();

    async function writeSecrets(timestamp: number): Promise<void> {
      const { logs, lambda } = e2e.aws.clients;
      const lines = [
        ...secretAccessLines(e2e.partner, timestamp, markers.mark),
        ...secretRejects(e2e.partner, timestamp, markers.mark),
      ].filter((line) => line.length <= MAX_EVENT_LENGTH);
      await writeLog(
        logs,
        e2e.partner.logGroup,
        lines.map((message) => ({ timestamp, message })),
      );
      await writeLog(
        logs,
        executionLogGroup(),
        secretExecutionLines(markers.mark).map((message) => ({ timestamp, message })),
      );
      for (const payload of secretPayloads(markers.mark).slice(0, 4)) {
        await lambda.send(
          new InvokeCommand({
            FunctionName: `${STACK_NAME}-ingest-access-logs`,
            InvocationType: 'Event',
            Payload: Buffer.from(JSON.stringify(payload)),
          }),
        );
      }
    }

    /** An outage for as long as Lambda tries: it keeps the batch. */
    async function failForGood(timestamp: number): Promise<void> {
      const deadBefore = await messagesIn('IngestDeadLetters');
      const caller = `${STACK_NAME}-ingest-access-logs`;
      e2e.aws.gateway.faults.inject({ name: 'table-missing', action: 'dynamodb:PutItem', caller, times: 3 });
      const lines = secretAccessLines(e2e.partner, timestamp, markers.mark);
      await writeLog(
        e2e.aws.clients.logs,
        e2e.partner.logGroup,
        lines.slice(0, 3).map((message) => ({ timestamp, message })),
      );
      await eventually('the dead batch', 60, async () =>
        (await messagesIn('IngestDeadLetters')) > deadBefore ? true : null,
      );
    }

    it('no secret of any field or line is anywhere but in the batches that Lambda itself keeps after an outage', async () => {
      const timestamp = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
      const deadBefore = await messagesIn('IngestDeadLetters');
      const ofPartner = { ApiId: e2e.partner.apiId, Stage: e2e.partner.stage };
      const denied = { ...ofPartner, Cause: 'auth.denied' };
      const quota = { ApiId: e2e.orders.apiId, Stage: e2e.orders.stage, Cause: 'throttle.quota' };
      await writeSecrets(timestamp);
      await eventually('the causes of the secret lines', 30, async () =>
        (await total('ErrorCount', denied)) > 0 && (await total('ExecutionCause', quota)) > 0 ? true : null,
      );
      await eventually('the pointers', 30, async () =>
        (await messagesIn('IngestDeadLetters')) >= deadBefore + 4 ? true : null,
      );
      expect(findLeaks(await readEverything(), markers.cores)).toEqual([]);
      await failForGood(timestamp);
      await setBack(e2e.aws.clients.dynamoDb, table('Evaluations'), 'detect-anomalies/errors', 1);
      await e2e.stack.invoke('detect-anomalies');
      await eventually('the message about it', 30, () =>
        channelMessages().some(({ text }) => text.includes('open: partner-api/$default')) ? true : null,
      );

      const { [BATCH_QUEUE]: batches = '', ...everything } = await readEverything();

      expect(findLeaks(everything, markers.cores)).toEqual([]);
      expect(findLeaks(everything, SLACK_SECRETS)).toEqual([]);
      expect(findLeaks({ [BATCH_QUEUE]: batches }, markers.cores)).not.toEqual([]);
      const told = findLeaks(everything, new Map([['api', e2e.partner.apiId]])).map((found) =>
        found.replace(': api', ''),
      );
      expect(told).toEqual(
        expect.arrayContaining([
          'cloudwatch:PutMetricData',
          'dynamodb:PutItem',
          'events:PutEvents',
          'table Incidents',
          'table Inventory',
        ]),
      );
      const named = findLeaks(everything, new Map([['name', 'partner-api']]));
      expect(named).toEqual(
        expect.arrayContaining([
          'sns:Publish: name',
          'mailbox: name',
          'Slack: name',
          'table Incidents: name',
        ]),
      );
      expect(Object.keys(everything)).toEqual(
        expect.arrayContaining(['queue AlertDeadLetters', 'queue MissedRuns', 'log ingest-access-logs']),
      );
    });
  });
}
