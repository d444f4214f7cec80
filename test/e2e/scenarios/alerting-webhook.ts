import { describe, expect, it } from 'vitest';
import { openMailbox } from '#test/e2e/account/mailbox.ts';
import {
  announcementsAbout,
  channelMessages,
  findingAbout,
  putFinding,
  repliesTo,
  restate,
  slackAbout,
  sweep,
} from '#test/e2e/account/told.ts';
import { e2e } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { deployStack } from '#test/e2e/stack/deployed-stack.ts';

/** The stack tells Slack by a webhook first, and from here on by a bot. */
export function describeWebhook(): void {
  describe('Slack by a webhook, and then by a bot', () => {
    const finding = findingAbout('moved-api');
    const byWebhook = () => channelMessages().filter(({ isByWebhook }) => isByWebhook);

    it('the webhook posts each announcement', async () => {
      e2e.mailbox = await openMailbox(e2e.aws.clients, e2e.stack.outputs['AlertTopicArn'] ?? '');
      await putFinding(finding);
      await eventually('the first message', 60, () => byWebhook()[0] ?? null);

      await putFinding(restate(finding, { severity: 'critical' }));

      await eventually('the second message', 60, () => byWebhook()[1] ?? null);
      expect(byWebhook().map(({ text }) => text)).toEqual([
        expect.stringContaining('WARNING open: moved-api/prod is slow'),
        expect.stringContaining('CRITICAL worse: moved-api/prod is slow'),
      ]);
    });

    it('the bot goes on with what is open, in a message of its own', async () => {
      e2e.stack = await deployStack(e2e.aws, e2e.packaged.bot);
      e2e.deployedMs = Date.now();

      await sweep();
      await eventually('the message of the bot', 60, () => slackAbout('moved-api')[0] ?? null);
      await putFinding(restate(finding, { severity: 'critical', status: 'cleared' }));

      const closed = await eventually('the edit', 60, () => {
        const [message] = slackAbout('moved-api');
        return repliesTo(message).length > 0 ? message : null;
      });
      expect(closed?.text).toContain('CRITICAL closed: moved-api/prod is slow');
      expect(repliesTo(closed)).toEqual([expect.stringContaining('CRITICAL closed')]);
      expect(slackAbout('moved-api')).toHaveLength(1);
      expect(byWebhook()).toHaveLength(2);
      const mails = await eventually('the last mail', 60, async () => {
        const all = await announcementsAbout('moved-api');
        return all.length > 2 ? all : null;
      });
      expect(mails).toEqual(['opened', 'worse', 'closed']);
    });
  });
}
