import { DeleteApiCommand } from '@aws-sdk/client-apigatewayv2';
import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { createHttpApi } from '#test/e2e/account/apis.ts';
import { e2e, executionLogGroup, table } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { allows, describePermission, parsePermissions } from '#test/e2e/gateway/permissions.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { emulatorEnvironment } from '#test/e2e/stack/osls.ts';
import { runCli } from '#test/integration/run-cli.ts';

/** The account changes, by itself and by the command line. */
export function describeChanges(): void {
  describe('our own alarms', () => {
    it('tell the topic themselves, without any function of ours', async () => {
      const callsBefore = e2e.aws.gateway.calls.length;

      await e2e.aws.clients.cloudWatch.send(
        new SetAlarmStateCommand({
          AlarmName: e2e.stack.resources['IngestDeadLettersWaiting'],
          StateValue: 'ALARM',
          StateReason: 'end-to-end test',
        }),
      );

      const mail = await eventually(
        'the mail of the alarm',
        20,
        async () => (await e2e.mailbox.read()).find(({ Subject }) => Subject?.startsWith('ALARM:')) ?? null,
      );
      expect(JSON.parse(mail.Message)).toMatchObject({
        NewStateValue: 'ALARM',
        AlarmDescription: expect.stringContaining('docs/runbook.md#'),
      });
      const publishedByUs = e2e.aws.gateway.calls
        .slice(callsBefore)
        .filter(({ action }) => action === 'sns:Publish');
      expect(publishedByUs).toEqual([]);
    });
  });

  describe('an API that is gone', () => {
    it('leaves neither an item in the inventory nor a filter', async () => {
      const { apiGatewayV2, dynamoDb, logs } = e2e.aws.clients;
      const gone = await createHttpApi(apiGatewayV2, logs, 'gone-api');
      await e2e.stack.invoke('subscribe-log-groups');
      expect(e2e.aws.gateway.logs.filtersOf(gone.logGroup)).toHaveLength(1);

      await apiGatewayV2.send(new DeleteApiCommand({ ApiId: gone.apiId }));
      await e2e.stack.invoke('subscribe-log-groups');

      expect(e2e.aws.gateway.logs.filtersOf(gone.logGroup)).toEqual([]);
      const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: table('Inventory') }));
      expect(Items.map(({ key }) => key?.S)).not.toContain(`${gone.apiId}/${gone.stage}`);
    });
  });

  describe('gatewatch setup', () => {
    async function setup(...args: string[]) {
      const env = emulatorEnvironment(e2e.aws.gateway.url);
      const { code, stdout, stderr } = await runCli(['setup', '--json', ...args], { env });
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout);
    }
    const ownFilters = () =>
      [e2e.orders.logGroup, e2e.partner.logGroup, e2e.silent.logGroup, executionLogGroup()].flatMap((group) =>
        e2e.aws.gateway.logs
          .filtersOf(group)
          .map(({ filterName, filterPattern }) => ({ group, filterName, filterPattern })),
      );

    const CALLER = 'gatewatch-cli';

    /** The command line may do what it says that it needs, and nothing else. */
    beforeAll(async () => {
      const { stdout } = await runCli(['setup', '--iam', '--region', 'us-east-1']);
      e2e.aws.gateway.roles.grant(CALLER, parsePermissions(JSON.parse(stdout)));
    });

    it('finds that the deployed function has left nothing to do', async () => {
      const { stack: deployed, stages, subscriptions } = await setup('--dry-run');

      expect(deployed).toMatchObject({ name: STACK_NAME, status: 'deployed', subscribeMode: 'auto' });
      expect(stages.map(({ apiName }: { apiName: string }) => apiName).sort()).toEqual([
        'full-api',
        'orders-api',
        'partner-api',
        'silent-api',
      ]);
      const decided = subscriptions.map(({ group, action }: { group: string; action: string }) => [
        group,
        action,
      ]);
      expect(decided).toEqual(
        expect.arrayContaining([
          [e2e.orders.logGroup, 'keep'],
          [e2e.partner.logGroup, 'keep'],
          [executionLogGroup(), 'keep'],
        ]),
      );
    });

    it('takes the filters away, and makes the same ones again', async () => {
      const before = ownFilters();

      await setup('--remove', '--yes');
      expect(ownFilters()).toEqual([]);

      await setup('--apply', '--yes');
      expect(ownFilters()).toEqual(before);
      expect(before).toHaveLength(4);
    });

    it('needs exactly what it printed', async () => {
      const calls = e2e.aws.gateway.calls.filter(({ caller }) => caller === CALLER);
      const permissions = await e2e.aws.gateway.roles.of(CALLER);

      expect(calls.filter(({ wasDenied }) => wasDenied)).toEqual([]);
      const unused = permissions.filter((permission) => !calls.some((call) => allows(permission, call)));
      expect(unused.map(describePermission)).toEqual([]);
    });
  });
}
