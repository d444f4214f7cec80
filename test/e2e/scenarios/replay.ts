import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { e2e, executionLogGroup, timeOfTests, total } from '#test/e2e/e2e.ts';
import { ACCOUNT_ID } from '#test/e2e/gateway/aws-call.ts';
import { type Permission, parsePermissions } from '#test/e2e/gateway/permissions.ts';
import { emulatorEnvironment } from '#test/e2e/stack/osls.ts';
import { ROOT, replayJson } from '#test/integration/run-cli.ts';

const CALLER = 'gatewatch-cli';

/** The policy that docs/replay.md says is enough, for a group of this account. */
function documentedPermissions(logGroup: string): Permission[] {
  const page = readFileSync(join(ROOT, 'docs/replay.md'), 'utf8');
  const [, policy = ''] = /This policy is enough:\n\n```json\n([\s\S]*?)\n```/.exec(page) ?? [];
  const own = policy.replace('123456789012', ACCOUNT_ID).replace('/aws/api-gateway/orders-api', logGroup);
  return parsePermissions(JSON.parse(own));
}

/** What the pipeline counted, replay finds in the same log groups. */
export function describeReplay(): void {
  describe('replay of the log groups', () => {
    it('counts with the documented policy what the deployed pipeline counted', async () => {
      const { orders, partner, aws } = e2e;
      const groups = [orders.logGroup, partner.logGroup, executionLogGroup()];
      aws.gateway.roles.grant(CALLER, groups.flatMap(documentedPermissions));
      const { fromMs, toMs } = timeOfTests();
      const [since, until] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];

      const { code, stderr, report } = await replayJson(
        ['--log-group', ...groups, '--since', since, '--until', until],
        { env: emulatorEnvironment(aws.gateway.url) },
      );

      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: '',
      });
      const counted = await total('RequestCount');
      expect(counted).toBeGreaterThan(5_000);
      expect(report.requests.total).toBe(counted);
      expect(report.input.rejected).toEqual({});
      for (const { apiId, stage } of [orders, partner]) {
        const dimensions = { ApiId: apiId, Stage: stage };
        expect(report.stages).toContainEqual(
          expect.objectContaining({
            apiId,
            requests: await total('RequestCount', dimensions),
            throttled: await total('ThrottledCount', dimensions),
            serverErrors: await total('ServerErrorCount', dimensions),
          }),
        );
      }
    });
  });
}
