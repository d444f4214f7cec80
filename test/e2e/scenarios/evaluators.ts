import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { channelMessages } from '#test/e2e/account/told.ts';
import { e2e, incidents, restartEmulator, table } from '#test/e2e/e2e.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { readWatermark, setBack } from '#test/e2e/stack/evaluations.ts';
import { readFunctionLog } from '#test/e2e/stack/pipeline-metrics.ts';
import { GOOD_MANNERS } from '#test/fakes/cloudwatch-server.ts';

/** Data comes late, in pages, or is gone; AWS goes away and comes back. */
export function describeEvaluators(): void {
  describe('what the evaluators live with', () => {
    const evaluator = 'check-headroom';

    /** What a new run logged about the account. */
    async function run(): Promise<string> {
      const before = (await readFunctionLog(e2e.aws.clients.logs, evaluator)).length;
      await e2e.stack.invoke(evaluator);
      const lines = (await readFunctionLog(e2e.aws.clients.logs, evaluator)).slice(before);
      return lines.find((line) => line.includes('Headroom checked')) ?? '';
    }

    const rewind = (minutes: number) =>
      setBack(e2e.aws.clients.dynamoDb, table('Evaluations'), evaluator, minutes);
    const reads = () =>
      e2e.aws.gateway.calls.filter(
        ({ caller, action }) =>
          caller === `${STACK_NAME}-${evaluator}` && action === 'cloudwatch:GetMetricData',
      ).length;

    it('visibility delay: points that are hidden now are found by a later run', async () => {
      await rewind(1);
      e2e.aws.gateway.cloudWatch.hiddenForSeconds = 3_600;
      expect(await run()).not.toContain('demandRps');

      e2e.aws.gateway.cloudWatch.hiddenForSeconds = 0;
      await rewind(1);
      expect(await run()).toContain('demandRps');
    });

    it('PartialData: pages are read to the end', async () => {
      await rewind(1);
      const whole = await run();
      const readsBefore = reads();

      e2e.aws.gateway.cloudWatch.pageSize = 50;
      await rewind(1);
      const paged = await run();

      e2e.aws.gateway.cloudWatch.pageSize = GOOD_MANNERS.pageSize;
      expect(whole).toContain('demandRps');
      expect(reads() - readsBefore).toBeGreaterThan(5);
      expect(JSON.parse(paged).headroom).toEqual(JSON.parse(whole).headroom);
    });

    it('1-second data is gone after 3 hours: an evaluator that stood still for 5 goes on from what there is', async () => {
      await rewind(5 * 60);

      // It goes back as far as there are seconds, and no further.
      expect(await run()).toContain('demandRps');

      const state = await readWatermark(e2e.aws.clients.dynamoDb, table('Evaluations'), evaluator);
      expect(state?.throughMs).toBeGreaterThanOrEqual(e2e.nowMinuteMs);
    });
  });

  describe('restart of the emulator', () => {
    it('loses no incident and tells nothing twice', async () => {
      const openBefore = (await incidents()).map(({ story }) => story.key).sort();

      await restartEmulator();
      await setBack(e2e.aws.clients.dynamoDb, table('Evaluations'), 'check-headroom', 1);
      await e2e.stack.invoke('check-headroom');
      await e2e.stack.invoke('detect-anomalies');

      expect((await incidents()).map(({ story }) => story.key).sort()).toEqual(openBefore);
      await wait(2_000); // what should not come would have come by now
      // An incident that was quiet for long enough may have closed meanwhile; that is told once as well.
      const texts = channelMessages().map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
    });
  });
}
