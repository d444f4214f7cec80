import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { e2e, incidents, MINUTE_MS, table } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { setBack } from '#test/e2e/stack/evaluations.ts';

/** The incident closes. */
export function describeEnding(): void {
  describe('the end of an incident', () => {
    it('closes by evidence once the account was quiet for five minutes, and says so', async () => {
      const quietEndMs = e2e.nowMinuteMs + 2 * MINUTE_MS + 2_000;
      await wait(Math.max(0, quietEndMs - Date.now()));

      await setBack(e2e.aws.clients.dynamoDb, table('Evaluations'), 'check-headroom', 1);
      await e2e.stack.invoke('check-headroom');

      await eventually('the closing message', 60, () =>
        e2e.aws.slack.messages.some(
          ({ text }) => text.includes('Account throttle exhausted') && text.includes('closed'),
        )
          ? true
          : null,
      );
      const account = (await incidents()).find(({ story }) => story.key.startsWith('account'));
      expect(account?.status).toBe('closed');
      const mails = await e2e.mailbox.read();
      expect(
        mails.filter(({ Subject }) => Subject?.includes('closed: Account throttle exhausted')),
      ).toHaveLength(1);
      const closings = e2e.aws.slack.messages.filter(({ text }) => text.includes('closed: Account'));
      expect(closings).toHaveLength(1);
    });
  });
}
