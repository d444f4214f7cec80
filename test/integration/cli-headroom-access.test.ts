import { afterAll, describe, expect, it } from 'vitest';
import { type ApiGatewayContent, apiGatewayError } from '#test/fakes/apigateway-server.ts';
import { jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { queryError } from '#test/fakes/cloudformation-server.ts';
import { refusingUrl } from '#test/fakes/http-server.ts';
import { type SurveyedAccount, startSurveyedAccount } from '#test/fakes/surveyed-account.ts';
import { AWS_CREDENTIALS, type CliRun, runCli } from '#test/integration/run-cli.ts';

const CONTENT: ApiGatewayContent = {
  restApis: [{ id: 'a1orders01', name: 'orders-api', stages: [{ stageName: 'prod' }] }],
  v2Apis: [
    { apiId: 'c3users001', name: 'users-api', protocolType: 'HTTP', stages: [{ stageName: '$default' }] },
  ],
};

const accounts: SurveyedAccount[] = [];
afterAll(() => Promise.all(accounts.map(({ stop }) => stop())));

async function start(content = CONTENT): Promise<SurveyedAccount> {
  const account = await startSurveyedAccount(content);
  accounts.push(account);
  return account;
}

/** An account that API Gateway counts, whose stack is deployed and lists one of its stages. */
async function startDeployed(): Promise<SurveyedAccount> {
  const account = await start();
  account.countByService({ ApiName: 'orders-api', Stage: 'prod' }, () => 30);
  account.inventory.push({ apiId: 'a1orders01', apiName: 'orders-api', apiType: 'REST', stage: 'prod' });
  return account;
}

type Environment = Readonly<Record<string, string | undefined>>;

function headroom(url: string, env: Environment = {}, args: readonly string[] = []): Promise<CliRun> {
  return runCli(['headroom', ...args], { env: { ...AWS_CREDENTIALS, AWS_ENDPOINT_URL: url, ...env } });
}

function expectError({ code, stdout, stderr }: CliRun, words: RegExp): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(words);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
}

const NOT_AUTHORIZED = 'User: arn:aws:iam::123456789012:user/eve is not authorized to perform: ';

describe.concurrent('what gatewatch headroom may and may not read', () => {
  it('headroom names the action that is denied, and where its permissions are', async () => {
    const account = await startDeployed();
    account.intercept = ({ headers }) =>
      String(headers['x-amz-target']).endsWith('.GetMetricData')
        ? jsonError(403, 'AccessDeniedException', `${NOT_AUTHORIZED}cloudwatch:GetMetricData`)
        : null;

    expectError(
      await headroom(account.url),
      /^error: AWS denies cloudwatch:GetMetricData; gatewatch headroom --iam prints the permissions/,
    );
  });

  it('headroom takes half an answer for none', async () => {
    const account = await startDeployed();
    account.intercept = ({ headers }) =>
      String(headers['x-amz-target']).endsWith('.GetMetricData')
        ? jsonReply({ MetricDataResults: [{ Id: 'q0', StatusCode: 'PartialData' }] })
        : null;

    expectError(await headroom(account.url), /^error: CloudWatch .*: try again later$/m);
  });

  it('headroom needs to know the stages', async () => {
    const account = await start();
    account.intercept = ({ path }) =>
      path.startsWith('/restapis')
        ? apiGatewayError(
            403,
            'AccessDeniedException',
            `${NOT_AUTHORIZED}apigateway:GET on resource: arn:aws:apigateway:us-east-1::/restapis`,
          )
        : null;

    expectError(await headroom(account.url), /^error: AWS denies apigateway:GET on arn:aws:apigateway:/);
  });

  it('headroom goes on without the stack if nobody may read it, and says so', async () => {
    const account = await startDeployed();
    account.intercept = ({ body }) =>
      body.includes('DescribeStacks')
        ? queryError(403, 'AccessDenied', `${NOT_AUTHORIZED}cloudformation:DescribeStacks on resource: x`)
        : null;
    const { code, stdout, stderr } = await headroom(account.url);

    expect(code).toBe(0);
    expect(stderr).toBe(
      'AWS denies cloudformation:DescribeStacks on x; gatewatch headroom --iam prints the permissions that are needed. Stages are read from API Gateway instead.\n',
    );
    expect(stdout).toMatch(/^top {3}orders-api\/prod 30 /m);
  });

  it('headroom goes on without the inventory if nobody may read it, and tells programs too', async () => {
    const account = await startDeployed();
    account.intercept = ({ headers }) =>
      String(headers['x-amz-target']).endsWith('.Scan')
        ? jsonError(400, 'AccessDeniedException', `${NOT_AUTHORIZED}dynamodb:Scan on resource: t`)
        : null;
    const { code, stdout } = await headroom(account.url, {}, ['--json']);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      stages: [{ apiName: 'orders-api', nowRps: 30 }],
      stagesKnown: 2,
      notes: [
        expect.stringMatching(/^AWS denies dynamodb:Scan on t; /),
        expect.stringContaining('no request'),
      ],
    });
  });

  it('headroom goes on with what tells the quota, down to the default of the Region', async () => {
    const account = await startDeployed();
    account.intercept = ({ path, headers }) =>
      path === '/account' || String(headers['x-amz-target']).endsWith('.GetServiceQuota')
        ? jsonError(403, 'AccessDeniedException', `${NOT_AUTHORIZED}something`)
        : null;
    const { code, stdout, stderr } = await headroom(account.url);

    expect(code).toBe(0);
    expect(stdout).toContain("quota 10,000 rps, burst 5,000 (assumed: the Region's default)");
    for (const service of ['GetAccount', 'Service Quotas'])
      expect(stderr).toContain(
        `${service} does not tell the quota (AccessDeniedException); gatewatch headroom --iam prints`,
      );
  });

  it('headroom says that a stack that is deployed counts nothing', async () => {
    const account = await startDeployed();
    const { code, stdout, stderr } = await headroom(account.url);

    expect(code).toBe(0);
    expect(stderr).toMatch(/^Stack gatewatch-prod is deployed but has counted no request/);
    expect(stdout).toMatch(/^now {3}30 rps/m);
  });

  it('headroom reads the stages of a deployed stack from its table alone', async () => {
    const account = await startDeployed();
    await headroom(account.url);

    const resources = account.calls.map(({ resource }) => resource);
    expect(resources).not.toContain('/restapis');
    expect(resources).toContain('gatewatch-prod-InventoryTable-1');
  });

  it('headroom says what to do without credentials, without a Region and without AWS', async () => {
    const { url } = await start();
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

    expectError(await headroom(url, none), /^error: No AWS credentials .* set AWS_PROFILE/);
    expectError(await headroom(url, { AWS_REGION: undefined }), /^error: No Region: give --region/);
    expectError(await headroom(await refusingUrl()), /^error: AWS cannot be reached \(ECONNREFUSED/);
  });

  it('headroom says that there are no APIs, which is no error', async () => {
    const account = await start({ restApis: [], v2Apis: [] });
    account.stacks.clear();
    const { code, stdout, stderr } = await headroom(account.url, {}, ['--region', 'eu-west-1']);

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'There is no API in eu-west-1: another --region, or another account?\n',
    });
    expect(stdout).toMatch(/^now {3}there is no API here$/m);
  });

  it('headroom does not take no data for no requests', async () => {
    const account = await start();
    account.stacks.clear();
    const { code, stdout } = await headroom(account.url);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^now {3}no requests in 30 minutes, or no metrics of them yet$/m);
    expect(stdout).not.toContain('%');
  });

  it('headroom lets no name of an API reach the terminal as a command', async () => {
    const name = 'evil\u001b[2J\u202e\n$(touch /tmp/owned)\r';
    const account = await start({
      restApis: [{ id: 'e1', name, stages: [{ stageName: 'prod' }] }],
      v2Apis: [],
    });
    account.stacks.clear();
    account.countByService({ ApiName: name.replace(/[^\u0020-\u007e]/g, ''), Stage: 'prod' }, () => 30);
    const { code, stdout } = await headroom(account.url, {}, ['--quota-rps', '31']);

    expect(code).toBe(0);
    expect(stdout).toContain('evil[2J$(touch /tmp/owned)/prod 30');
    expect(stdout).not.toMatch(/[\p{Bidi_Control}]|(?!\n)\p{Cc}/u);
  });
});

type Statement = {
  readonly Sid: string;
  readonly Action: string;
  readonly Resource: string | readonly string[];
};

/** The end of an ARN, or `*`, as a pattern for the resource of a call. */
function allows(
  { Action, Resource }: Statement,
  call: { readonly action: string; readonly resource: string },
) {
  const patterns = [Resource].flat().map((arn) => {
    const end =
      arn === '*' ? '*' : arn.replace(/^(?:[^:]*:){5}(?:(?:stack|table)\/)?/, '').replace(/\/\*$/, '*');
    const source = end.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${source}$`);
  });
  return Action === call.action && patterns.some((pattern) => pattern.test(call.resource));
}

describe.concurrent('gatewatch headroom --iam', () => {
  it('headroom --iam prints what is called and no more, and needs neither credentials nor a network', async () => {
    const deployed = await startDeployed();
    const foreign = await start();
    foreign.stacks.clear();
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const [{ code, stdout }] = await Promise.all([
      headroom('http://127.0.0.1:1', none, ['--iam']),
      headroom(deployed.url),
      headroom(foreign.url),
    ]);

    expect(code).toBe(0);
    const { Statement: statements } = JSON.parse(stdout) as { readonly Statement: readonly Statement[] };
    const calls = [...deployed.calls, ...foreign.calls];
    expect(calls.filter((call) => !statements.some((statement) => allows(statement, call)))).toEqual([]);
    const unused = statements.filter((statement) => !calls.some((call) => allows(statement, call)));
    expect(unused.map(({ Sid }) => Sid)).toEqual([]);
  });

  it('headroom --iam allows nothing but reading, in the partition of the Region', async () => {
    const { stdout } = await runCli(['headroom', '--iam', '--region', 'cn-north-1', '--stack', 'gw']);

    const { Statement: statements } = JSON.parse(stdout) as { readonly Statement: readonly Statement[] };
    expect(statements.map(({ Action }) => Action)).toEqual([
      'cloudwatch:GetMetricData',
      'apigateway:GET',
      'servicequotas:GetServiceQuota',
      'cloudformation:DescribeStacks',
      'dynamodb:Scan',
    ]);
    expect(stdout).toContain('arn:aws-cn:dynamodb:cn-north-1:*:table/gw-InventoryTable-*');
  });

  it.each([
    ['--iam with --json', ['--iam', '--json'], '--iam prints JSON'],
    ['--iam with --watch', ['--iam', '--watch'], "'--iam' cannot be used with option '--watch'"],
    ['--watch with --fail-on', ['--watch', '--fail-on', 'critical'], 'cannot be used with option'],
    ['a quota of nothing', ['--quota-rps', '0'], 'Expected a number above 0'],
    ['a Region that is none', ['--region', 'Ireland'], 'Expected a Region'],
  ])('headroom refuses %s', async (_, args, words) => {
    const { code, stdout, stderr } = await runCli(['headroom', ...args]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});
