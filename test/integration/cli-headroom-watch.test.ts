import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { jsonError } from '#test/fakes/aws-protocol.ts';
import { type SurveyedAccount, startSurveyedAccount } from '#test/fakes/surveyed-account.ts';
import { AWS_CREDENTIALS, environmentWith, ROOT } from '#test/integration/run-cli.ts';

const accounts: SurveyedAccount[] = [];
afterAll(() => Promise.all(accounts.map(({ stop }) => stop())));

async function start(): Promise<SurveyedAccount> {
  const account = await startSurveyedAccount({
    restApis: [{ id: 'a1orders01', name: 'orders-api', stages: [{ stageName: 'prod' }] }],
    v2Apis: [],
  });
  accounts.push(account);
  account.stacks.clear();
  account.countByService({ ApiName: 'orders-api', Stage: 'prod' }, () => 30);
  return account;
}

/** Runs a watch in a process of its own until its first line is there, and then presses Ctrl-C. */
async function watchUntilFirstLine({ url }: SurveyedAccount, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'headroom', '--watch', ...args], {
    cwd: ROOT,
    env: environmentWith({ ...AWS_CREDENTIALS, AWS_ENDPOINT_URL: url }),
  });
  const text = { stdout: '', stderr: '' };
  child.stderr.on('data', (part: Buffer) => {
    text.stderr += part.toString('utf8');
  });
  child.stdout.on('data', (part: Buffer) => {
    text.stdout += part.toString('utf8');
    if (text.stdout.includes('\n')) child.kill('SIGINT');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, ...text };
}

describe.concurrent('gatewatch headroom --watch', () => {
  it('headroom --watch prints one line at once to a pipe, and Ctrl-C is its ordinary end', async () => {
    const run = await watchUntilFirstLine(await start());

    expect(run).toEqual({
      code: 0,
      signal: null,
      stdout: expect.stringMatching(
        /^\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}30 rps {2}0\.3 % {2}orders-api\/prod 100 %\n$/,
      ),
      stderr: '',
    });
  });

  it('headroom --watch --json prints one document a line', async () => {
    const { code, stdout } = await watchUntilFirstLine(await start(), '--json');

    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, now: { demandRps: 30 } });
  });

  it('headroom --watch ends at once with what is wrong from the beginning', async () => {
    const account = await start();
    account.intercept = ({ headers }) =>
      String(headers['x-amz-target']).endsWith('.GetMetricData')
        ? jsonError(400, 'ExpiredTokenException', 'The security token included in the request is expired')
        : null;

    expect(await watchUntilFirstLine(account)).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: 'error: The AWS credentials have expired: sign in again\n',
    });
  });
});
