import { describe, expect, it } from 'vitest';
import { surgeMinuteMs } from '#test/e2e/account/surge.ts';
import { ACCOUNT_THROTTLE } from '#test/e2e/account/throttle.ts';
import { e2e } from '#test/e2e/e2e.ts';
import { allows, describePermission, parsePermissions } from '#test/e2e/gateway/permissions.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { emulatorEnvironment } from '#test/e2e/stack/osls.ts';
import { runCli } from '#test/integration/run-cli.ts';

const CALLER = 'gatewatch-cli';

/** No stack has this name. */
const NO_STACK = 'gatewatch-none';

/** The same account, seen from a laptop while the incident is open. */
export function describeHeadroomCommand(): void {
  describe('gatewatch headroom', () => {
    let callsBefore = 0;
    const calls = () => e2e.aws.gateway.calls.slice(callsBefore).filter(({ caller }) => caller === CALLER);

    /** Runs it with what it prints that it needs, and nothing else. */
    async function headroom(...args: string[]): Promise<string> {
      const policy = await runCli(['headroom', '--iam', '--region', 'us-east-1', ...args.slice(0, 2)]);
      e2e.aws.gateway.roles.grant(CALLER, parsePermissions(JSON.parse(policy.stdout)));
      const { code, stdout, stderr } = await runCli(['headroom', ...args], {
        env: emulatorEnvironment(e2e.aws.gateway.url),
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    }

    it('says as a document what the deployed function judged', async () => {
      callsBefore = e2e.aws.gateway.calls.length;

      const document = JSON.parse(await headroom('--stack', STACK_NAME, '--json'));

      const at = new Date(surgeMinuteMs(e2e.nowMinuteMs)).toISOString();
      const { rateRps, burst } = ACCOUNT_THROTTLE;
      expect(document).toMatchObject({
        region: 'us-east-1',
        stack: { name: STACK_NAME, status: 'deployed' },
        source: 'access-logs',
        quota: {
          rateRps,
          burst,
          rateSource: 'service-quotas',
          burstSource: 'get-account',
          readings: {
            getAccount: { rateRps: 10_000, burst },
            serviceQuotas: { rateRps, burst: 5_000 },
          },
        },
        notes: [],
      });
      expect(document.minutes.find((minute: { at: string }) => minute.at === at)).toMatchObject({
        requests: 1_020,
        demandRps: 17,
        perSecond: { throttled: 300, peakRps: 17, tokensLeft: 0, predictedThrottles: 294 },
      });
      expect(document.findings.map(({ kind }: { kind: string }) => kind)).toEqual(
        expect.arrayContaining([
          'headroom.exhausted',
          'burst.exhausted',
          'throttling.account',
          'noisy-neighbour',
        ]),
      );
    });

    it('says it in words', async () => {
      const text = await headroom('--stack', STACK_NAME);

      expect(text).toContain('quota 12 rps (Service Quotas; GetAccount says 10,000)');
      expect(text).toContain('burst 6 (GetAccount; Service Quotas says burst 5,000)');
      expect(text).toMatch(/top {3}orders-api\/prod 7 \(88 %/);
      expect(text).toContain('critical Account throttle exhausted, since');
      expect(text.replace(/\s+/g, ' ')).toContain(
        'Caused by partner-api/$default 10 rps, usually 1 (10 ×) · 59 % of the account, usually 13 %',
      );
      expect(text).toContain('orders-api/prod ≥ 60 refused (14 %)');
    });

    it('finds the stages by itself where no stack lists them', async () => {
      const document = JSON.parse(await headroom('--stack', NO_STACK, '--json'));

      expect(document.stack).toEqual({ name: NO_STACK, status: 'missing' });
      expect(document.stagesKnown).toBe(4);
      expect(document.stages.map(({ apiName }: { apiName: string }) => apiName)).toEqual([
        'orders-api',
        'partner-api',
      ]);
    });

    it('needs exactly what it printed', async () => {
      const { stdout } = await runCli(['headroom', '--iam', '--region', 'us-east-1', '--stack', STACK_NAME]);
      const permissions = parsePermissions(JSON.parse(stdout));

      expect(calls().filter(({ wasDenied }) => wasDenied)).toEqual([]);
      const unused = permissions.filter((permission) => !calls().some((call) => allows(permission, call)));
      expect(unused.map(describePermission)).toEqual([]);
    });
  });
}
