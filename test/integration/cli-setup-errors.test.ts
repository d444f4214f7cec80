import { afterAll, describe, expect, it } from 'vitest';
import { apiGatewayError } from '#test/fakes/apigateway-server.ts';
import { refusingUrl } from '#test/fakes/http-server.ts';
import { mixedContent, type SetupAccount, startSetupAccount } from '#test/fakes/setup-account.ts';
import { AWS_CREDENTIALS, type CliRun, runCli } from '#test/integration/run-cli.ts';

const accounts: SetupAccount[] = [];
afterAll(() => Promise.all(accounts.map(({ stop }) => stop())));

async function start(content = mixedContent('{}')): Promise<SetupAccount> {
  const account = await startSetupAccount(content);
  accounts.push(account);
  return account;
}

function setup(
  url: string,
  env: Readonly<Record<string, string | undefined>> = {},
  args: readonly string[] = [],
) {
  return runCli(['setup', ...args], { env: { ...AWS_CREDENTIALS, AWS_ENDPOINT_URL: url, ...env } });
}

function expectError({ code, stdout, stderr }: CliRun, words: RegExp): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(words);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
}

describe.concurrent('errors of gatewatch setup', () => {
  it.each([
    [
      'names the action that is denied',
      apiGatewayError(
        403,
        'AccessDeniedException',
        'User: arn:aws:iam::123456789012:user/eve is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/restapis',
      ),
      /^error: AWS denies apigateway:GET on arn:aws:apigateway:us-east-1::\/restapis; gatewatch setup --iam/,
    ],
    [
      'says that a token has expired',
      apiGatewayError(403, 'ExpiredTokenException', 'The security token included in the request is expired'),
      /^error: The AWS credentials have expired: sign in again/,
    ],
    [
      'says that AWS does not know the credentials',
      apiGatewayError(
        403,
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ),
      /^error: AWS does not accept these credentials/,
    ],
  ])('setup %s', async (_, reply, words) => {
    const account = await start();
    account.intercept = ({ path }) => (path.startsWith('/restapis') ? reply : null);

    expectError(await setup(account.url), words);
  });

  it('setup says what to do without credentials', async () => {
    const account = await start();
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

    expectError(await setup(account.url, none), /^error: No AWS credentials .* set AWS_PROFILE/);
  });

  it('setup says what to do without a Region', async () => {
    const account = await start();

    expectError(await setup(account.url, { AWS_REGION: undefined }), /^error: No Region: give --region/);
  });

  it('setup says that AWS cannot be reached', async () => {
    expectError(await setup(await refusingUrl()), /^error: AWS cannot be reached \(ECONNREFUSED/);
  });

  it('setup says that there are no APIs, which is no error', async () => {
    const account = await start({ restApis: [], v2Apis: [] });
    const { code, stdout, stderr } = await setup(account.url, {
      AWS_REGION: undefined,
      AWS_DEFAULT_REGION: 'eu-west-1',
    });

    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'There is no API in eu-west-1: another --region, or another account?\n',
    });
  });

  it('setup --iam needs neither credentials nor a network', async () => {
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_REGION: undefined };
    const { code, stdout, stderr } = await setup('http://127.0.0.1:1', none, ['--iam']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ Version: '2012-10-17' });
  });

  it('setup lets no name of an API reach the terminal or a shell as a command', async () => {
    const name = 'evil\u001b[2J\u202e\n$(touch /tmp/owned)\r';
    const account = await start({
      restApis: [{ id: 'e1', name, stages: [{ stageName: 'prod' }] }],
      v2Apis: [],
    });
    const { code, stdout, stderr } = await setup(account.url);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/[\p{Bidi_Control}]|(?!\n)\p{Cc}/u);
    for (const line of stdout.split('\n')) expect(line).not.toMatch(/^(?:\$\(|#)/);
    expect(stdout).toContain('/aws/api-gateway/evil-2J-touch-tmp-owned-e1/prod');
  });
});
