import { describe, expect, it } from 'vitest';
import {
  announcementsAbout,
  findingAbout,
  putFinding,
  repliesTo,
  restate,
  slackAbout,
  sweep,
} from '#test/e2e/account/told.ts';
import { incidents } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { ACCOUNT_ID, REGION } from '#test/e2e/gateway/aws-call.ts';
import { grantCli } from '#test/e2e/stack/granted-cli.ts';

const NAME = 'muted-api';

async function untilHeldBack(stage: string): Promise<void> {
  await eventually(`that ${stage} is held back`, 60, async () => {
    const found = (await incidents()).find(({ story }) => story.key.includes(`|${NAME}|${stage}|`));
    return found?.heldBackBy ? true : null;
  });
}

/** Somebody does not want to be told for a while. */
export function describeMute(): void {
  describe('gatewatch mute', () => {
    const scope = { accountId: ACCOUNT_ID, region: REGION, apiId: NAME, apiName: NAME, stage: 'beta' };
    const open = findingAbout(NAME, { severity: 'critical' });
    const over = findingAbout(NAME, { id: 'b'.repeat(64), scope, title: `${NAME}/beta is slow` });
    let muteId = '';

    async function mutes(...args: string[]) {
      const { code, stdout, stderr } = await grantCli('mutes').run('--json', ...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout);
    }

    it('holds messages back and counts them, under exactly the policy that it prints', async () => {
      const mute = grantCli('mute');
      const { code, stdout, stderr } = await mute.run(
        ...['--api', NAME, '--for', '1h', '--reason', 'load test', '--json'],
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      muteId = JSON.parse(stdout).mute.id;

      await putFinding(open);
      await putFinding(over);
      await Promise.all([untilHeldBack('prod'), untilHeldBack('beta')]);
      await putFinding(restate(over, { status: 'cleared' }));
      await putFinding(findingAbout('heard-api'));
      await eventually('what is not muted', 60, async () =>
        slackAbout('heard-api').length > 0 && (await announcementsAbout('heard-api')).length > 0
          ? true
          : null,
      );

      expect(slackAbout(NAME)).toEqual([]);
      expect(await announcementsAbout(NAME)).toEqual([]);
      expect((await mutes()).mutes).toMatchObject([
        {
          id: muteId,
          reason: 'load test',
          heldBack: {
            count: 2,
            incidents: expect.arrayContaining([expect.objectContaining({ severity: 'critical' })]),
          },
        },
      ]);
      expect(mute.misfits()).toEqual({ unused: [], denied: [] });
    });

    it('says at its end what it held back, and tells what is still open', async () => {
      await eventually('the end of what ends within the mute', 60, async () =>
        (await incidents()).some(({ story, status }) => story.key.includes('|beta|') && status === 'closed')
          ? true
          : null,
      );

      await mutes('--end', muteId);
      await sweep();

      const [summary] = await eventually('the summary', 60, () =>
        slackAbout(`mute|`).length > 0 ? slackAbout('mute|') : null,
      );
      expect(summary?.text).toContain(`Mute of API ${NAME} is over: it held back 2 incidents`);
      expect(summary?.text).toContain('load test');
      const [told] = await eventually('the one that is still open', 60, () =>
        slackAbout(`|${NAME}|`).length > 0 ? slackAbout(`|${NAME}|`) : null,
      );
      expect(told?.text).toContain(`CRITICAL open: ${NAME}/prod is slow`);
      const mails = await eventually('both mails', 60, async () => {
        const all = [...(await announcementsAbout('mute|')), ...(await announcementsAbout(`|${NAME}|`))];
        return all.length > 1 ? all : null;
      });
      expect(mails).toEqual(['closed', 'opened']);
      expect((await mutes()).mutes).toEqual([]);

      await putFinding(restate(open, { status: 'cleared' }));

      await eventually('its end', 60, () => (repliesTo(slackAbout(`|${NAME}|`)[0]).length > 0 ? true : null));
      expect(slackAbout(`|${NAME}|`).map(({ text }) => text)).toEqual([
        expect.stringContaining(`CRITICAL closed: ${NAME}/prod is slow`),
      ]);
    });
  });
}
