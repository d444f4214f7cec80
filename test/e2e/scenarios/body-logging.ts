import { describe, expect, it } from 'vitest';
import { createRestApi, switchDataTrace } from '#test/e2e/account/apis.ts';
import { channelMessages } from '#test/e2e/account/told.ts';
import { e2e, incidents, restartEmulator, table } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { setBack } from '#test/e2e/stack/evaluations.ts';

/** A stage's settings make it log what nobody should log. */
export function describeBodyLogging(): void {
  describe('a stage whose execution logs hold bodies', () => {
    const told = () =>
      channelMessages().filter(({ text }) =>
        text.includes('open: idle-api/prod logs request and response bodies'),
      );

    async function judgeAgain(): Promise<void> {
      await setBack(e2e.aws.clients.dynamoDb, table('Evaluations'), 'detect-anomalies/logging', 1);
      await e2e.stack.invoke('detect-anomalies');
    }

    it('is one incident that names API and stage, although nobody calls it', async () => {
      const { apiGateway, logs } = e2e.aws.clients;
      const idle = await createRestApi(apiGateway, logs, 'idle-api');
      await switchDataTrace(apiGateway, idle, true);
      await e2e.stack.invoke('subscribe-log-groups');
      // Evaluators that know the older inventory know it for five minutes.
      await restartEmulator();

      await judgeAgain();
      await eventually('the message', 60, () => (told().length > 0 ? true : null));
      await judgeAgain();
      await judgeAgain();

      expect(told()).toHaveLength(1);
      expect(JSON.stringify(told())).toContain(`API-Gateway-Execution-Logs_${idle.apiId}/prod`);
      const stories = (await incidents()).filter(({ story }) => story.key.endsWith('|logging'));
      expect(stories).toMatchObject([
        { status: 'open', story: { key: expect.stringContaining(`|${idle.apiId}|prod|logging`) } },
      ]);
      const mails = await eventually('the mail', 30, async () => {
        const all = await e2e.mailbox.read();
        const found = all.filter(({ Subject }) => Subject?.includes('idle-api/prod logs request'));
        return found.length > 0 ? found : null;
      });
      expect(mails).toHaveLength(1);
    });
  });
}
