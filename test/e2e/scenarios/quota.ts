import { describe, expect, it } from 'vitest';
import { ACCOUNT_THROTTLE } from '#test/e2e/account/throttle.ts';
import { e2e, incidents, isAboutAccount, MINUTE_MS, table } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { ageQuota } from '#test/e2e/stack/evaluations.ts';

/** The surge has begun and is over. */
const SURGE_MESSAGES = 2;

/** AWS says another quota than before. */
export function describeQuota(): void {
  describe('a quota that is lowered', () => {
    it('is read anew and told once, as an incident of its own', async () => {
      const { gateway, clients, miniStack, slack } = e2e.aws;
      const messages = () => slack.messages.filter(({ text }) => isAboutAccount(text)).slice(SURGE_MESSAGES);
      gateway.throttle.account = { rateLimit: 11, burstLimit: ACCOUNT_THROTTLE.burst };
      await ageQuota(clients.dynamoDb, table('Evaluations'), 11 * MINUTE_MS);
      // Functions that have read it know it for ten minutes.
      await miniStack.restart();

      // It counts from the minute in which it was noticed, and a minute is judged when it is over.
      await eventually('the message', 150, () => (messages().length > 0 ? true : null));
      const mails = await eventually('the mail', 30, async () => {
        const all = (await e2e.mailbox.read()).map(({ Subject }) => Subject).filter(isAboutAccount);
        return all.length > SURGE_MESSAGES ? all.slice(SURGE_MESSAGES) : null;
      });

      const headline = expect.stringContaining('WARNING open: Account quota lowered from 12 to 11 rps');
      expect(messages().map(({ text }) => text)).toEqual([headline]);
      expect(JSON.stringify(messages())).toContain('from 12 rps, burst 6 to 11 rps, burst 6 (GetAccount)');
      expect(mails).toEqual([headline]);
      const account = (await incidents()).find(({ story }) => story.key.startsWith('account'));
      expect(account).toMatchObject({ status: 'open', findings: [{ kind: 'quota.changed', value: 11 }] });
    });
  });
}
