import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Finding } from '#shared/domain/detection/finding.ts';
import {
  announcementsAbout,
  findingAbout,
  putCompleted,
  putFinding,
  repliesTo,
  restate,
  slackAbout,
  sweep,
  tellCompleted,
} from '#test/e2e/account/told.ts';
import { incidents, MINUTE_MS } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import type { SlackMessage } from '#test/fakes/slack/slack-workspace.ts';

/** Nobody knows of a finding that nothing has judged for so long. */
const UNKNOWN_AFTER_MS = 15 * MINUTE_MS;

/** Enough to be told of it while it is known. */
const KNOWN_FOR_MS = 45_000;

async function statusOf(apiId: string): Promise<string | undefined> {
  return (await incidents()).find(({ story }) => story.key.includes(`|${apiId}|`))?.status;
}

function untilTold(apiId: string, word: string): Promise<SlackMessage> {
  return eventually(
    `${apiId}: ${word}`,
    60,
    () => slackAbout(apiId).find(({ text }) => text.includes(word)) ?? null,
  );
}

/** What an incident's state rests on. Between the two, other scenarios may pass the time. */
export function describeEvidence(): { readonly thatSilenceIsNoticed: () => void } {
  let aging: Finding;

  describe('an incident that nothing judges', () => {
    it('opens on a finding that is nearly too old', async () => {
      const observedAt = new Date(Date.now() - UNKNOWN_AFTER_MS + KNOWN_FOR_MS).toISOString();
      aging = findingAbout('aging-api', { startedAt: observedAt, lastBadAt: observedAt, observedAt });

      await putFinding(aging);

      const message = await untilTold('aging-api', 'WARNING open: aging-api/prod is slow');
      expect(JSON.stringify(message)).not.toContain('nknown since');
    });
  });

  describe('an incident whose end nobody states', () => {
    it('stays open in silence, and closes once its evaluator has judged its time and does not hold it', async () => {
      const finding = findingAbout('lost-api');
      await putFinding(finding);
      await untilTold('lost-api', 'WARNING open: lost-api/prod is slow');

      await tellCompleted('test/another', []);
      await tellCompleted(finding.evaluator, [finding.id]);
      await sweep();
      expect(await statusOf('lost-api')).toBe('open');

      await putCompleted(finding.evaluator, []);

      const message = await untilTold('lost-api', 'WARNING closed: lost-api/prod is slow');
      await eventually('the mail', 60, async () =>
        (await announcementsAbout('lost-api')).includes('closed') ? true : null,
      );
      const replies = await eventually('the reply', 60, () =>
        repliesTo(message).length > 0 ? repliesTo(message) : null,
      );
      expect(replies).toEqual([expect.stringContaining('WARNING closed: lost-api/prod is slow')]);
      expect(slackAbout('lost-api')).toHaveLength(1);
      expect(await announcementsAbout('lost-api')).toEqual(['opened', 'closed']);
    });
  });

  return {
    thatSilenceIsNoticed: () => {
      describe('an incident that nothing has judged for a quarter of an hour', () => {
        it('is unknown since then, in its message, its thread and SNS, until it is judged again', async () => {
          const unknownFromMs = Date.parse(aging.observedAt) + UNKNOWN_AFTER_MS + 1_000;
          await wait(Math.max(0, unknownFromMs - Date.now()));
          await sweep();

          const unknown = await untilTold('aging-api', 'WARNING unknown: aging-api/prod is slow');
          const replies = await eventually('the reply', 60, () =>
            repliesTo(slackAbout('aging-api')[0]).length > 0 ? repliesTo(unknown) : null,
          );
          expect(JSON.stringify(unknown.blocks)).toContain('*Unknown* since');
          expect(replies).toEqual([expect.stringContaining('WARNING unknown: aging-api/prod is slow')]);
          expect(await statusOf('aging-api')).toBe('open');

          await putFinding(restate(aging, {}));

          const known = await untilTold('aging-api', 'WARNING open: aging-api/prod is slow');
          await eventually('the second reply', 60, () => (repliesTo(known).length > 1 ? true : null));
          const mails = await eventually('the mails', 60, async () => {
            const all = await announcementsAbout('aging-api');
            return all.length > 2 ? all : null;
          });
          expect(JSON.stringify(known.blocks)).not.toContain('nknown since');
          expect(slackAbout('aging-api')).toHaveLength(1);
          expect(mails).toEqual(['opened', 'unknown', 'changed']);
        });
      });
    },
  };
}
