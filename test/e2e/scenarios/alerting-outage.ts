import { describe, expect, it } from 'vitest';
import {
  announcementsAbout,
  findingAbout,
  mailsAbout,
  putFinding,
  restate,
  slackAbout,
  sweep,
} from '#test/e2e/account/told.ts';
import { e2e, messagesIn } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { grantCli } from '#test/e2e/stack/granted-cli.ts';

async function untilMailed(apiId: string, announcement: string): Promise<void> {
  await eventually(`the mail that ${apiId} ${announcement}`, 60, async () =>
    (await announcementsAbout(apiId)).includes(announcement) ? true : null,
  );
}

/** Slack cannot be told, for a while or for good. */
export function describeOutage(): void {
  describe('Slack is down', () => {
    it('SNS hears of everything, and Slack is caught up with the newest state, in one message each', async () => {
      const [worse, short] = [findingAbout('worse-api'), findingAbout('short-api')];
      const { slack } = e2e.aws;
      slack.setOutage('server-error');
      const callsBefore = slack.requests.length;

      await putFinding(worse);
      await untilMailed('worse-api', 'opened');
      await putFinding(restate(worse, { severity: 'critical' }));
      await untilMailed('worse-api', 'worse');
      await putFinding(short);
      await untilMailed('short-api', 'opened');
      await putFinding(restate(short, { status: 'cleared' }));
      await untilMailed('short-api', 'closed');
      await eventually('a call that Slack did not take', 60, () =>
        slack.requests.length > callsBefore ? true : null,
      );
      expect([...slackAbout('worse-api'), ...slackAbout('short-api')]).toEqual([]);
      slack.setOutage(null);

      await eventually('what was missed', 120, async () => {
        await sweep();
        return slackAbout('worse-api').length > 0 && slackAbout('short-api').length > 0 ? true : null;
      });
      expect(slackAbout('worse-api').map(({ text, earlier }) => ({ text, earlier }))).toEqual([
        { text: expect.stringContaining('CRITICAL open: worse-api/prod is slow'), earlier: [] },
      ]);
      expect(slackAbout('short-api').map(({ text, earlier }) => ({ text, earlier }))).toEqual([
        { text: expect.stringContaining('WARNING closed: short-api/prod is slow'), earlier: [] },
      ]);
      expect(await announcementsAbout('worse-api')).toEqual(['opened', 'worse']);
      expect(await announcementsAbout('short-api')).toEqual(['opened', 'closed']);
      await putFinding(restate(worse, { severity: 'critical', status: 'cleared' }));
      await untilMailed('worse-api', 'closed');
    });
  });

  describe('Slack refuses for good', () => {
    it('is told by SNS, kept as a dead letter, and delivered by gatewatch redrive', async () => {
      const [channel] = e2e.aws.slack.channels;
      if (channel === undefined) throw new Error('There is no channel');
      const lettersBefore = await messagesIn('AlertDeadLetters');
      const redrive = grantCli('redrive');
      channel.isArchived = true;

      await putFinding(findingAbout('archived-api'));

      await untilMailed('archived-api', 'opened');
      await untilMailed('delivery|', 'opened');
      const [undeliverable] = await mailsAbout('delivery|');
      expect(undeliverable?.title).toContain('slack');
      expect(await messagesIn('AlertDeadLetters')).toBeGreaterThan(lettersBefore);
      channel.isArchived = false;
      expect(slackAbout('archived-api')).toEqual([]);

      const { code, stdout, stderr } = await redrive.run('--queue', 'alerts', '--apply', '--yes', '--json');

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { queues, failed } = JSON.parse(stdout);
      expect(failed).toBe(0);
      expect(queues[0].undeliverable).toContainEqual(
        expect.objectContaining({
          receiver: 'slack',
          reason: 'is_archived',
          incidentId: expect.stringContaining('archived-api'),
        }),
      );
      const [told] = await eventually('the message', 60, () =>
        slackAbout('archived-api').length > 0 ? slackAbout('archived-api') : null,
      );
      expect(told?.text).toContain('WARNING open: archived-api/prod is slow');
      await untilMailed('delivery|', 'closed');
      expect(await announcementsAbout('delivery|')).toEqual(['opened', 'closed']);
      expect(redrive.misfits().denied).toEqual([]);
    });
  });
}
