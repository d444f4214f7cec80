import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { channelMessages, repliesTo } from '#test/e2e/account/told.ts';
import { e2e, incidents, isAboutAccount, MINUTE_MS, table } from '#test/e2e/e2e.ts';
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
        channelMessages().some(
          ({ text }) => text.includes('Account throttle exhausted') && text.includes('closed'),
        )
          ? true
          : null,
      );
      const account = (await incidents()).find(({ story }) => story.key.startsWith('account'));
      expect(account?.status).toBe('closed');
      const mails = await eventually('the closing mail', 30, async () => {
        const subjects = (await e2e.mailbox.read()).map(({ Subject }) => Subject);
        return subjects.some((subject) => subject?.includes('closed: Account')) ? subjects : null;
      });
      const isOver = expect.stringContaining('CRITICAL closed: Account throttle exhausted');
      const messages = channelMessages().filter(({ text }) => isAboutAccount(text));
      expect(messages.map(({ text }) => text)).toEqual([isOver]);
      await eventually('the closing reply', 60, () =>
        repliesTo(messages[0]).some((text) => text.includes('CRITICAL closed')) ? true : null,
      );
      // One mail when it began, one when it was over, none for all the runs between.
      expect(mails.filter(isAboutAccount)).toEqual([
        expect.stringContaining('CRITICAL open: Account throttle exhausted'),
        isOver,
      ]);
    });
  });
}
