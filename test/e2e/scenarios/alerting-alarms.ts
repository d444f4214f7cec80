import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { emitAwsEvent } from '#test/e2e/account/aws-events.ts';
import { announcementsAbout, repliesTo, slackAbout } from '#test/e2e/account/told.ts';
import { e2e, incidents } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { ACCOUNT_ID, REGION } from '#test/e2e/gateway/aws-call.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { ALARM_TOPIC } from '#test/e2e/stack/emulated-aws.ts';
import { alarmEvent } from '#test/fakes/alarm-events.ts';

const RULE = `${STACK_NAME}-cloudwatch-alarms`;

/** A recorded event or message, as of an alarm with another name in this account. */
function renamed<T>(recorded: T, name: string): T {
  const text = JSON.stringify(recorded).replaceAll('orders-5xx', name).replaceAll('123456789012', ACCOUNT_ID);
  return JSON.parse(text) as T;
}

/** Alarms of CloudWatch come in beside findings. */
export function describeAlarms(): void {
  describe('an alarm of CloudWatch', () => {
    async function untilClosed(name: string): Promise<void> {
      await eventually(`the end of ${name}`, 60, async () =>
        repliesTo(slackAbout(`|${name}|`)[0]).length > 0 && (await announcementsAbout(`|${name}|`)).length > 1
          ? true
          : null,
      );
      expect(slackAbout(`|${name}|`).map(({ text }) => text)).toEqual([
        expect.stringMatching(new RegExp(`CRITICAL closed: .*${name}`)),
      ]);
      expect(await announcementsAbout(`|${name}|`)).toEqual(['opened', 'closed']);
    }

    it('passes the rule of the default bus, and opens and closes one incident', async () => {
      const name = 'e2e-bus-5xx';

      expect(await emitAwsEvent(renamed(alarmEvent('metric.event'), name))).toEqual([RULE]);
      await eventually('the message', 60, () => slackAbout(`|${name}|`)[0] ?? null);
      expect(await emitAwsEvent(renamed(alarmEvent('metric-ok.event'), name))).toEqual([RULE]);

      await untilClosed(name);
    });

    it('that goes to a topic of somebody else comes in by that', async () => {
      const name = 'e2e-topic-5xx';
      const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${ALARM_TOPIC}`;
      async function publish(fixture: string): Promise<void> {
        const event = renamed(alarmEvent(fixture), name);
        if (!('Records' in event)) throw new Error(`${fixture} is no message of a topic`);
        const Message = event.Records[0]?.Sns.Message ?? '';
        await e2e.aws.clients.sns.send(new PublishCommand({ TopicArn, Message }));
      }

      await publish('metric.sns');
      await eventually('the message', 60, () => slackAbout(`|${name}|`)[0] ?? null);
      await publish('metric-ok.sns');

      await untilClosed(name);
    });

    it('that is our own is not taken in: neither by the rule, nor by the function', async () => {
      const own = renamed(alarmEvent('metric.event'), `${STACK_NAME}-DispatchAlertsErrors-1`);

      expect(await emitAwsEvent(own)).toEqual([]);
      await e2e.stack.invoke('dispatch-alerts', own);
      await e2e.stack.invoke('dispatch-alerts', alarmEvent('own-pipeline.event'));

      const alarms = (await incidents())
        .map(({ story }) => story.key.split('|'))
        .filter(([kind]) => kind === 'alarm');
      expect(alarms.map((key) => key.at(-1)).sort()).toEqual(['e2e-bus-5xx', 'e2e-topic-5xx']);
    });
  });
}
