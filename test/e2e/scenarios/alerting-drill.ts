import { describe, expect, it } from 'vitest';
import { mailsAbout, repliesTo, slackAbout } from '#test/e2e/account/told.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { grantCli } from '#test/e2e/stack/granted-cli.ts';

/** Somebody tries whether anybody is told. */
export function describeDrill(): void {
  describe('gatewatch drill', () => {
    it('times every hop of one marked incident and closes it, under exactly the policy that it prints', async () => {
      const drill = grantCli('drill');

      const { code, stdout, stderr } = await drill.run('--json');

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { id, stack, isPassed, hops } = JSON.parse(stdout);
      expect({ stack, isPassed }).toEqual({ stack: STACK_NAME, isPassed: true });
      const wanted = ['opening', 'closing'].flatMap((step) => [
        { step, hop: 'bus', receiver: null },
        { step, hop: 'incident', receiver: null },
        { step, hop: 'receiver', receiver: 'sns' },
        { step, hop: 'receiver', receiver: 'slack' },
      ]);
      expect(hops).toEqual(
        wanted.map((hop) => expect.objectContaining({ ...hop, tookMs: expect.any(Number), problem: null })),
      );
      const [message, ...others] = slackAbout(`drill|`);
      expect(others).toEqual([]);
      expect(message?.text).toContain('DRILL WARNING closed');
      expect(message?.text).toContain('🧪');
      expect(repliesTo(message)).toEqual([expect.stringContaining('DRILL WARNING closed')]);
      expect(await mailsAbout(`|${id}|`)).toMatchObject([
        { announcement: 'opened', isDrill: true },
        { announcement: 'closed', isDrill: true },
      ]);
      expect(drill.misfits()).toEqual({ unused: [], denied: [] });
    });
  });
}
