import { describe, expect, it } from 'vitest';
import { metricOf } from '#test/e2e/account/requests.ts';
import { e2e } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { keepSecret, SLACK_TOKEN_PARAMETER } from '#test/e2e/stack/emulated-aws.ts';
import { readFunctionLog } from '#test/e2e/stack/pipeline-metrics.ts';

/** The token that is valid from here on. */
export const ROTATED_TOKEN = 'xoxb-000-000-rotatedsecret';
const REVOKED = 'xoxb-000-000-nobodysecret';

/** Can the receivers be told, before there is anything to tell? */
export function describeHeartbeat(): void {
  describe('the heartbeat', () => {
    const heartbeats = () => metricOf('dispatch-alerts', 'AlertingHeartbeats');
    const beat = () => e2e.stack.invoke('dispatch-alerts', { 'detail-type': 'heartbeat' });
    const log = async () => (await readFunctionLog(e2e.aws.clients.logs, 'dispatch-alerts')).join('\n');

    it('is a metric, also after the token was rotated', async () => {
      const before = await heartbeats();

      await beat();
      await eventually('the metric', 30, async () => ((await heartbeats()) === before + 1 ? true : null));
      await keepSecret(e2e.aws.clients, SLACK_TOKEN_PARAMETER, ROTATED_TOKEN);
      e2e.aws.slack.rotateToken(ROTATED_TOKEN);
      await beat();

      await eventually('the metric', 30, async () => ((await heartbeats()) === before + 2 ? true : null));
    });

    it('is absent while Slack does not take the token', async () => {
      const before = await heartbeats();
      e2e.aws.slack.rotateToken(REVOKED);

      await beat();

      e2e.aws.slack.rotateToken(ROTATED_TOKEN);
      await eventually('why not', 30, async () =>
        (await log()).includes('slack: invalid_auth') ? true : null,
      );
      expect(await heartbeats()).toBe(before);
      expect(await log()).not.toMatch(/xoxb-|nobodysecret/);
    });
  });
}
