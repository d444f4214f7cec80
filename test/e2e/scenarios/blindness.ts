import { describe, expect, it } from 'vitest';
import { writeLog } from '#test/e2e/account/log-writer.ts';
import { countByService } from '#test/e2e/account/service-counts.ts';
import { accountTraffic } from '#test/e2e/account/surge.ts';
import { channelMessages } from '#test/e2e/account/told.ts';
import { accessLog, steadily } from '#test/e2e/account/traffic.ts';
import { e2e, incidents, MINUTE_MS, table, total } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { setBack } from '#test/e2e/stack/evaluations.ts';
import { readFunctionLog } from '#test/e2e/stack/pipeline-metrics.ts';

/** API Gateway counts what no log line tells of. */
export function describeBlindness(): void {
  describe('a stage whose log fell silent', () => {
    const told = () => channelMessages().filter(({ text }) => text.includes('silent-api/$default'));

    /** What the newest comparison of both sources logged. */
    async function compareAgain(): Promise<string> {
      const { logs, dynamoDb } = e2e.aws.clients;
      const before = (await readFunctionLog(logs, 'check-headroom')).length;
      await setBack(dynamoDb, table('Evaluations'), 'check-headroom/sources', 5);
      await e2e.stack.invoke('check-headroom');
      const lines = (await readFunctionLog(logs, 'check-headroom')).slice(before);
      return lines.find((line) => line.includes('Sources compared')) ?? '';
    }

    it('is one incident that names it, while the stages whose logs agree are in none', async () => {
      const { silent, orders, partner, nowMinuteMs, aws } = e2e;
      const traffic = accountTraffic(nowMinuteMs);
      // Its lines came until an hour ago; requests still come, six a minute.
      const lastLines = steadily(nowMinuteMs - 60 * MINUTE_MS, 6, 1);
      const requests = Array.from({ length: 100 }, (_, minute) =>
        steadily(nowMinuteMs + (minute - 60) * MINUTE_MS, 6, 1),
      ).flat();
      await writeLog(aws.clients.logs, silent.logGroup, accessLog(silent, lastLines));
      await eventually('the last lines', 30, async () =>
        (await total('RequestCount', { ApiId: silent.apiId, Stage: silent.stage })) === 6 ? true : null,
      );
      countByService({ ApiName: orders.apiName, Stage: orders.stage }, traffic.orders);
      countByService({ ApiId: partner.apiId, Stage: partner.stage }, traffic.partner);
      countByService({ ApiId: silent.apiId, Stage: silent.stage }, requests);

      const comparison = JSON.parse(await compareAgain());
      const [message] = await eventually('the message', 30, () => (told().length > 0 ? told() : null));
      await compareAgain();

      expect(comparison.reasons).toMatchObject([{ slug: 'lost-lines', stages: 1 }]);
      expect(comparison.requests.untoldRequests).toBe(comparison.reasons[0].requests);
      expect(message?.text).toContain('WARNING open: silent-api/$default');
      expect(told()).toHaveLength(1);
      const blind = (await incidents()).filter(({ story }) => story.key.startsWith('blind'));
      expect(blind).toMatchObject([{ status: 'open', findings: [{ scope: { apiId: silent.apiId } }] }]);
    });
  });
}
