import { describe, expect, it } from 'vitest';
import { announcementsAbout, findingAbout, putFinding, slackAbout, sweep } from '#test/e2e/account/told.ts';
import { e2e, incidents } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';

const NAME = 'crash-api';

type Delivery = { readonly attempt: object | null; readonly told: object | null };

async function slackDelivery(): Promise<Delivery | undefined> {
  const incident = (await incidents()).find(({ story }) => story.key.includes(`|${NAME}|`));
  return incident?.deliveries['slack'] as Delivery | undefined;
}

/** A dispatcher dies at the worst moment. Other scenarios pass the time until its lease is over. */
export function describeCrash(): { readonly thatItIsMadeUpFor: () => void } {
  describe('a dispatcher that dies after Slack took its message', () => {
    it('leaves a note that it tried', async () => {
      e2e.aws.slack.setOutage('silence-after');

      await putFinding(findingAbout(NAME));
      await eventually('the message', 60, () => slackAbout(NAME)[0] ?? null);
      await e2e.aws.miniStack.restart();
      e2e.aws.slack.setOutage(null);

      expect(await slackDelivery()).toMatchObject({ attempt: { step: 'post' }, told: null });
    });
  });

  return {
    thatItIsMadeUpFor: () => {
      describe('a dispatcher after one that died', () => {
        it('finds the message in the channel and sends no other', async () => {
          await eventually('that it is found', 120, async () => {
            await sweep();
            return (await slackDelivery())?.told ?? null;
          });

          expect(await slackDelivery()).toMatchObject({ attempt: null });
          expect(slackAbout(NAME).map(({ text, earlier }) => ({ text, earlier }))).toEqual([
            { text: expect.stringContaining(`WARNING open: ${NAME}/prod is slow`), earlier: [] },
          ]);
          expect(await announcementsAbout(NAME)).toEqual(['opened']);
        });
      });
    },
  };
}
