import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';
import { jsonError } from '#test/fakes/aws-protocol.ts';
import {
  fillMixedAccount,
  mixedContent,
  OUTPUTS,
  type SetupAccount,
  startSetupAccount,
} from '#test/fakes/setup-account.ts';
import { type CliRun, runCli } from '#test/integration/run-cli.ts';

const accounts: SetupAccount[] = [];
afterAll(() => Promise.all(accounts.map(({ stop }) => stop())));

async function start(
  outputs: Partial<typeof OUTPUTS> | { SubscribeMode: 'auto' } = {},
): Promise<SetupAccount> {
  const account = await startSetupAccount(mixedContent(RECOMMENDED_FORMATS.REST));
  fillMixedAccount(account);
  account.stacks.set('gatewatch-prod', { ...OUTPUTS, ...outputs });
  accounts.push(account);
  return account;
}

function setup(account: SetupAccount, args: readonly string[], stdin = ''): Promise<CliRun> {
  return runCli(['setup', ...args], { env: environment(account), stdin });
}

function environment({ url }: SetupAccount) {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

type Document = {
  readonly stages: readonly { readonly apiId: string; readonly stage: string; readonly counted: string }[];
  readonly subscriptions: readonly Readonly<Record<string, unknown>>[];
};

describe.concurrent('gatewatch setup', () => {
  let account: SetupAccount;
  beforeAll(async () => {
    account = await start();
  });

  it('setup reports on standard output, and changes nothing', async () => {
    const { code, stdout, stderr } = await setup(account, []);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of [
      'account 123456789012 · us-east-1 · 4 APIs, 5 stages · nothing was changed',
      '! chat/live: there is no access log',
      '! orders-api/dev: the access log is in no format that Gatewatch reads',
      '! partner-gateway/v1: the access log goes to Firehose',
      'make      /aws/vendedlogs/users',
      'leave     /aws/api-gateway/legacy: its class',
      'aws apigatewayv2 update-stage --api-id',
    ])
      expect(stdout).toContain(text);
    expect(account.changes()).toEqual([]);
  });

  it('setup --json prints one document', async () => {
    const { code, stdout } = await setup(account, ['--dry-run', '--json']);
    const report = JSON.parse(stdout) as Document;

    expect(code).toBe(0);
    expect(report.stages.map(({ apiId, stage, counted }) => `${apiId}/${stage} ${counted}`)).toEqual([
      'd4chat0001/live none',
      'a1orders01/dev none',
      'a1orders01/prod all',
      'b2partner1/v1 none',
      'c3users001/$default all',
    ]);
    expect(report.subscriptions).toContainEqual({
      group: '/aws/vendedlogs/users',
      filterName: 'gatewatch-prod-access',
      destinationArn: OUTPUTS.IngestAccessLogsFunctionArn,
      action: 'make',
      otherFilters: ['datadog'],
    });
  });

  it('setup --print prints nothing but the changes to standard output', async () => {
    const { code, stdout, stderr } = await setup(account, ['--print', 'cloudformation']);
    const { Resources } = JSON.parse(stdout) as { Resources: object };

    expect(code).toBe(0);
    expect(Object.keys(Resources)).toContain('UsersApiDefaultStage');
    expect(stderr).toContain('3 stages of 5 should change');
  });

  it('setup --api reads this API alone', async () => {
    const { stdout } = await setup(account, ['--api', 'c3users001', '--json']);

    expect((JSON.parse(stdout) as Document).stages).toHaveLength(1);
  });

  it('setup works before there is a stack, and says that nothing can be made', async () => {
    const { code, stdout } = await setup(account, ['--api', 'c3users001', '--stack', 'gatewatch-test']);

    expect(code).toBe(0);
    expect(stdout).toContain('account unknown · us-east-1');
    expect(stdout).toContain('There is no stack gatewatch-test in us-east-1');
    expect(stdout).toContain('\n  gatewatch setup --apply --stack gatewatch-test --api c3users001\n');
    expect(stdout).toContain('no filter can be made before the stack is deployed');
  });

  it.each([
    ['an API that is not there', ['--api', 'nowhere'], 'There is no API nowhere in us-east-1'],
    ['two modes', ['--apply', '--remove'], "'--apply' cannot be used with option '--remove'"],
    ['a Region that is none', ['--region', 'Ireland'], 'Expected a Region'],
    ['changes without a terminal', ['--apply'], '--apply changes the account: without a terminal to ask'],
    ['a stack that is not there', ['--apply', '--yes', '--stack', 'gw'], 'There is no stack gw in us-east-1'],
    ['--iam with more', ['--iam', '--yes'], '--iam prints JSON'],
  ])('setup refuses %s', async (_, args, words) => {
    const { code, stdout, stderr } = await setup(account, args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});

describe.concurrent('gatewatch setup --apply and --remove', () => {
  it('setup --apply makes our filters and nothing else; once more, it has nothing to do', async () => {
    const account = await start();
    const first = await setup(account, ['--apply', '--yes']);
    const made = account.changes();
    const second = await setup(account, ['--apply', '--yes', '--json']);

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('made      API-Gateway-Execution-Logs_a1orders01/prod\n');
    expect(made).toEqual(['PutSubscriptionFilter', 'PutSubscriptionFilter', 'PutSubscriptionFilter']);
    expect(account.changes()).toEqual(made);
    expect(JSON.parse(second.stdout)).toMatchObject({ command: 'apply' });
    expect(account.store.filterNames('/aws/vendedlogs/users')).toEqual(['datadog', 'gatewatch-prod-access']);
    const filters = account.store.groups.get('API-Gateway-Execution-Logs_a1orders01/prod')?.filters;
    expect(filters?.get('gatewatch-prod-execution')?.destinationArn).toBe(
      OUTPUTS.IngestExecutionLogsFunctionArn,
    );
  });

  it('setup --apply tells that the stack does it by itself, and goes on', async () => {
    const account = await start({ SubscribeMode: 'auto' });
    const { code, stderr } = await setup(account, ['--apply', '--yes']);

    expect(code).toBe(0);
    expect(stderr).toContain('makes these filters by itself, every 5 minutes');
    expect(account.changes()).toHaveLength(3);
  });

  it('setup suggests the log group that is gone, and words for a stage that quick create made', async () => {
    const account = await start();
    account.store.groups.delete('/aws/api-gateway/orders');
    for (const { stages } of account.content.v2Apis)
      for (const stage of stages)
        Object.assign(stage, { apiGatewayManaged: stage['stageName'] === '$default' });
    const { code, stdout } = await setup(account, []);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^orders-api\/prod +REST +no group/m);
    expect(stdout).toContain("aws logs create-log-group --log-group-name '/aws/api-gateway/orders' &&");
    expect(stdout).toContain('! users-api/$default: made by quick create');
    expect(stdout).not.toContain("--api-id 'c3users001'");
  });

  it('setup --remove says that there is no such stack, and goes on', async () => {
    const account = await start();
    const { code, stdout, stderr } = await setup(account, ['--remove', '--yes', '--stack', 'gw']);

    expect(code).toBe(0);
    expect(stderr).toContain('There is no stack gw in us-east-1');
    expect(stdout).toContain('no log group has a filter of stack gw');
  });

  it('setup --apply exits with 2 if a filter could not be made, after the others', async () => {
    const account = await start();
    account.intercept = ({ headers, body }) =>
      headers['x-amz-target'] === 'Logs_20140328.PutSubscriptionFilter' && body.includes('/users')
        ? {
            status: 400,
            headers: { 'content-type': 'application/x-amz-json-1.1' },
            body: JSON.stringify({
              __type: 'AccessDeniedException',
              message: 'User: eve is not authorized to perform: logs:PutSubscriptionFilter',
            }),
          }
        : null;
    const { code, stdout } = await setup(account, ['--apply', '--yes']);

    expect(code).toBe(2);
    expect(stdout).toMatch(/^failed {4}\/aws\/vendedlogs\/users: AWS denies logs:PutSubscriptionFilter/m);
    expect(stdout).toContain('2 filters of stack gatewatch-prod made or replaced');
  });

  it('setup --remove takes our filters away, also of stages that are gone, and warns of a stack in mode auto', async () => {
    const account = await start({ SubscribeMode: 'auto' });
    const { store, inventory } = account;
    store.create('/logs/gone');
    const ours = { name: 'gatewatch-prod-access', pattern: '', destinationArn: 'arn:aws:lambda:1' };
    store.put('/logs/gone', ours);
    store.put('/aws/vendedlogs/users', ours);
    inventory.push({ apiId: 'g1', apiName: 'gone', apiType: 'HTTP', stage: 'v1', logGroup: '/logs/gone' });
    const { code, stdout, stderr } = await setup(account, ['--remove', '--yes']);

    expect(code).toBe(0);
    expect(stderr).toContain('warning: the stack makes its filters again within 5 minutes');
    expect(stdout).toContain('removed   /logs/gone (gatewatch-prod-access)');
    expect(stdout).toContain('2 filters of stack gatewatch-prod removed');
    expect(store.filterNames('/aws/vendedlogs/users')).toEqual(['datadog']);
  });

  it('setup --remove goes on past an inventory item that it cannot read, and warns of it', async () => {
    const account = await start();
    const { store, inventory } = account;
    store.create('/logs/gone');
    store.put('/logs/gone', {
      name: 'gatewatch-prod-access',
      pattern: '',
      destinationArn: 'arn:aws:lambda:1',
    });
    inventory.push({ apiId: 'g1', schemaVersion: 2, secret: 'hush' });
    inventory.push({ apiId: 'g1', apiName: 'gone', apiType: 'HTTP', stage: 'v1', logGroup: '/logs/gone' });
    const { code, stdout, stderr } = await setup(account, ['--remove', '--yes']);

    expect(code).toBe(0);
    expect(stderr).toContain('warning: 1 inventory item cannot be read');
    expect(stderr).toContain(': item/0\n');
    expect(stderr).not.toContain('hush');
    expect(stdout).toContain('removed   /logs/gone (gatewatch-prod-access)');
  });

  it('setup --remove takes a table that is gone for an empty inventory', async () => {
    const account = await start();
    account.intercept = ({ headers }) =>
      headers['x-amz-target'] === 'DynamoDB_20120810.Scan'
        ? jsonError(400, 'ResourceNotFoundException')
        : null;
    const { code, stdout } = await setup(account, ['--remove', '--yes']);

    expect(code).toBe(0);
    expect(stdout).toContain('no log group has a filter of stack gatewatch-prod');
  });
});
