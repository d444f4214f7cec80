import { setTimeout as wait } from 'node:timers/promises';
import { DisableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { e2e, executionLogGroup } from '#test/e2e/e2e.ts';
import { allows, describePermission, type Permission } from '#test/e2e/gateway/permissions.ts';
import { serviceMadeCalls } from '#test/e2e/gateway/service-made-calls.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { listLeftovers } from '#test/e2e/stack/leftovers.ts';
import { FUNCTION_NAMES } from '#test/infra/functions.ts';

/** Of a scheduled function, here. */
const LONGEST_RUN_MS = 2_000;

/**
 * No run begins while the stack goes away: the emulator would make the log group of its function anew, which on AWS no
 * role may.
 */
async function stopSchedules(): Promise<void> {
  const { eventBridge } = e2e.aws.clients;
  const { Rules = [] } = await eventBridge.send(new ListRulesCommand({ NamePrefix: STACK_NAME }));
  const schedules = Rules.filter(({ ScheduleExpression }) => ScheduleExpression !== undefined);
  expect(schedules.map(({ Name }) => Name)).toContain(`${STACK_NAME}-check-headroom`);
  for (const { Name } of schedules) await eventBridge.send(new DisableRuleCommand({ Name }));
  await wait(LONGEST_RUN_MS);
}

/** The stack goes away, and its roles are held against what was done. */
export function describeRemoval(): void {
  describe('removal', () => {
    /** By function; read before there is nothing left to read. */
    const permissions = new Map<string, readonly Permission[]>();

    it('takes the subscription filters and everything else away', async () => {
      for (const name of FUNCTION_NAMES) {
        permissions.set(name, await e2e.aws.gateway.roles.of(`${STACK_NAME}-${name}`));
      }

      await stopSchedules();
      await e2e.stack.remove();

      for (const { logGroup } of [e2e.orders, e2e.partner, e2e.silent])
        expect(e2e.aws.gateway.logs.filtersOf(logGroup)).toEqual([]);
      expect(e2e.aws.gateway.logs.filtersOf(executionLogGroup())).toEqual([]);
      expect(await listLeftovers(e2e.aws.clients)).toEqual([]);
    });

    it('no call of a function was denied or too fast for Slack, and the gateway itself had no fault', () => {
      expect(e2e.aws.gateway.calls.filter(({ wasDenied }) => wasDenied)).toEqual([]);
      expect(e2e.aws.slack.violations()).toBe(0);
      expect(e2e.aws.gateway.failures).toEqual([]);
    });

    describe.each(FUNCTION_NAMES)('the role of %s', (name) => {
      const allowed = () => permissions.get(name) ?? [];
      const made = () => [
        // Before, its role was another one.
        ...e2e.aws.gateway.calls.filter(
          ({ caller, answeredMs }) => caller === `${STACK_NAME}-${name}` && answeredMs >= e2e.deployedMs,
        ),
        ...serviceMadeCalls(name, `/aws/lambda/${STACK_NAME}-${name}`, e2e.stack).map((call) => ({
          ...call,
          caller: name,
        })),
      ];
      const isComplete = (some: readonly Permission[]) =>
        made().every((call) => some.some((permission) => allows(permission, call)));

      it('allows everything that was done', () => {
        expect(made().filter((call) => !allowed().some((permission) => allows(permission, call)))).toEqual(
          [],
        );
      });

      it('allows nothing that was not done', () => {
        const unused = allowed().filter((permission) => !made().some((call) => allows(permission, call)));

        expect(unused.map(describePermission)).toEqual([]);
      });

      it('lacks something as soon as any one permission is taken out', () => {
        const spare = allowed().filter((one) => isComplete(allowed().filter((other) => other !== one)));

        expect(allowed().length).toBeGreaterThan(0);
        expect(spare.map(describePermission)).toEqual([]);
      });
    });
  });
}
