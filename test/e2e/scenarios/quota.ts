import { describe, expect, it } from 'vitest';
import { ACCOUNT_THROTTLE } from '#test/e2e/account/throttle.ts';
import { channelMessages } from '#test/e2e/account/told.ts';
import { e2e, incidents, isAboutAccount, MINUTE_MS, restartEmulator, table } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { ageQuota } from '#test/e2e/stack/evaluations.ts';

/** Slack edits the message of the surge; SNS was told that it began and that it is over. */
const SURGE_MESSAGES = 1;
const SURGE_MAILS = 2;

/** AWS says another quota than before. Other scenarios may pass the time until that is noticed. */
export function describeQuota(): { readonly thatItIsTold: () => void } {
  describe('a quota that is lowered', () => {
    it('is read anew', async () => {
      const { gateway, clients } = e2e.aws;
      gateway.throttle.account = { rateLimit: 11, burstLimit: ACCOUNT_THROTTLE.burst };
      await ageQuota(clients.dynamoDb, table('Evaluations'), 11 * MINUTE_MS);
      // Functions that have read it know it for ten minutes.
      await restartEmulator();
      const callsBefore = gateway.calls.length;

      await e2e.stack.invoke('check-headroom');

      const asked = gateway.calls.slice(callsBefore).map(({ action, resource }) => `${action} ${resource}`);
      expect(asked).toContainEqual(expect.stringMatching(/^apigateway:GET .*\/account$/));
    });
  });

  return {
    thatItIsTold: () => {
      describe('a quota that was lowered', () => {
        const messages = () =>
          channelMessages()
            .filter(({ text }) => isAboutAccount(text))
            .slice(SURGE_MESSAGES);

        it('is told once, as an incident of its own', async () => {
          // It counts from the minute in which it was noticed, and a minute is judged when it is over.
          await eventually('the message', 150, () => (messages().length > 0 ? true : null));
          const mails = await eventually('the mail', 30, async () => {
            const all = (await e2e.mailbox.read()).map(({ Subject }) => Subject).filter(isAboutAccount);
            return all.length > SURGE_MAILS ? all.slice(SURGE_MAILS) : null;
          });

          const headline = expect.stringContaining('WARNING open: Account quota lowered from 12 to 11 rps');
          expect(messages().map(({ text }) => text)).toEqual([headline]);
          expect(JSON.stringify(messages())).toContain(
            'from 12 rps, burst 6 to 11 rps, burst 6 (GetAccount)',
          );
          expect(mails).toEqual([headline]);
          const account = (await incidents()).find(({ story }) => story.key.startsWith('account'));
          expect(account).toMatchObject({ status: 'open', findings: [{ kind: 'quota.changed', value: 11 }] });
        });
      });
    },
  };
}
