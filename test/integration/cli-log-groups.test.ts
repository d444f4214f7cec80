import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogGroupEvent } from '#shared/application/ports.ts';
import { calmLines, hourWithOutage, LOG_START_MS } from '#test/fakes/access-log-lines.ts';
import { jsonError } from '#test/fakes/aws-protocol.ts';
import { type CloudWatchLogsServer, startCloudWatchLogs } from '#test/fakes/cloudwatch-logs-server.ts';
import { refusingUrl } from '#test/fakes/http-server.ts';
import { createLogGroupStore } from '#test/fakes/log-group-store.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { AWS_CREDENTIALS, environmentWith, ROOT, replayJson, runCli } from '#test/integration/run-cli.ts';

const ORDERS = '/aws/api-gateway/orders';
const USERS = '/aws/api-gateway/users';
const EXECUTION = 'API-Gateway-Execution-Logs_a1lines001/prod';
const HOUR = ['--since', '2026-03-02T10:00Z', '--until', '2026-03-02T11:00Z'];
const NOW_LINE = JSON.stringify({ apiId: 'b2now', stage: 'prod', requestId: 'r1', status: '200' });

const temp = makeTempFolder();
const servers: CloudWatchLogsServer[] = [];
afterAll(() => Promise.all([temp.remove(), ...servers.map(({ stop }) => stop())]));

function eventsOf(lines: readonly string[], fromMs: number, group: string): LogGroupEvent[] {
  return lines.map((message, index) => ({
    id: group.length + String(index).padStart(54, '0'),
    timestamp: fromMs + index * 1_000,
    message,
    logStream: `stream-${index % 3}`,
  }));
}

/** An account with the groups of two stages: pages of 1,500 events, so that few calls at its pace are enough. */
async function startAccount(): Promise<CloudWatchLogsServer> {
  const store = createLogGroupStore();
  store.write(ORDERS, eventsOf(hourWithOutage(), LOG_START_MS, ORDERS));
  store.write(USERS, eventsOf(calmLines(100), LOG_START_MS, USERS));
  store.write(EXECUTION, eventsOf(['(id) Starting execution', '(id) done'], LOG_START_MS, EXECUTION));
  store.write('now', eventsOf([NOW_LINE], Date.now() - 60_000, 'now'));
  const server = await startCloudWatchLogs(store, [], 1_500);
  servers.push(server);
  return server;
}

function envOf({ url }: { readonly url: string }, more: Readonly<Record<string, string | undefined>> = {}) {
  return { env: { ...AWS_CREDENTIALS, AWS_ENDPOINT_URL: url, ...more } };
}

describe.concurrent('gatewatch replay --log-group', () => {
  let server: CloudWatchLogsServer;
  beforeAll(async () => {
    server = await startAccount();
  });

  it('replay finds in a log group what it finds in a file of the same lines', async () => {
    const file = temp.write('hour.log', hourWithOutage().join('\n'));

    const [ofGroup, ofFile] = await Promise.all([
      replayJson(['--log-group', ORDERS, ...HOUR], envOf(server)),
      replayJson([file]),
    ]);

    expect(ofGroup).toMatchObject({ code: 0, stderr: '' });
    const { input, ...found } = ofGroup.report;
    const { input: _, ...foundInFile } = ofFile.report;
    expect(found).toEqual(foundInFile);
    expect(found.incidents).toHaveLength(1);
    expect(input).toMatchObject({
      files: [],
      logGroups: [{ name: ORDERS, lines: 3_600 }],
      linesRead: 3_600,
      rejected: {},
      unreadable: [],
    });
  });

  it('replay gives the same report for the same groups in any order, each read once', async () => {
    const [first, second] = await Promise.all([
      replayJson(['--log-group', ORDERS, USERS, ...HOUR], envOf(server)),
      replayJson([...HOUR, '--log-group', USERS, '--log-group', ORDERS, USERS], envOf(server)),
    ]);

    expect(second.report).toEqual(first.report);
    expect(first.report.requests.total).toBe(3_700);
  });

  it('replay reads files and log groups together, and counts execution logs apart', async () => {
    const file = temp.write('more.log', calmLines(10).join('\n'));

    const { code, stderr, report } = await replayJson(
      [file, '--log-group', EXECUTION, USERS, ...HOUR],
      envOf(server),
    );

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.input).toMatchObject({
      files: [{ name: file, lines: 10 }],
      logGroups: [
        { name: USERS, lines: 100 },
        { name: EXECUTION, lines: 2 },
      ],
      executionLines: 2,
    });
    expect(report.requests.total).toBe(110);
  });

  it('replay takes only the time that was asked for', async () => {
    const { report } = await replayJson(
      ['--log-group', ORDERS, '--since', '2026-03-02T10:10Z', '--until', '2026-03-02T10:15Z'],
      envOf(server),
    );

    expect(report.input).toMatchObject({ linesRead: 300, outsideRange: 0 });
    expect(report.range).toEqual({ from: '2026-03-02T10:10:00.000Z', to: '2026-03-02T10:15:00.000Z' });
  });

  it('replay reads the last hour by default, and says so', async () => {
    const { code, stderr, report } = await replayJson(['--log-group', 'now'], envOf(server));

    expect(code).toBe(0);
    expect(stderr).toMatch(/^No --since: reading one hour of the log groups, from \d{4}-\S+Z\.\n$/);
    expect(report.requests.total).toBe(1);
  });

  it('replay takes a time that is so long ago', async () => {
    const runs = await Promise.all([
      replayJson(['--log-group', 'now', '--since', '5m'], envOf(server)),
      replayJson(['--log-group', 'now', '--since', '5m', '--until', '2m'], envOf(server)),
    ]);

    expect(runs.map(({ report }) => report.requests.total)).toEqual([1, 0]);
    expect(runs[0]?.stderr).toBe('');
  });

  it('replay warns where a group has no events in the time', async () => {
    const args = ['--log-group', USERS, '--since', '2026-03-01', '--until', '2026-03-02'];

    const { code, stderr } = await runCli(['replay', ...args], envOf(server));

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `warning: log group ${USERS} in us-east-1 has no events from 2026-03-01T00:00:00.000Z to 2026-03-02T00:00:00.000Z\n`,
    });
  });

  it('replay takes the quota of the Region that it reads', async () => {
    const { report } = await replayJson(
      ['--log-group', USERS, ...HOUR, '--region', 'af-south-1'],
      envOf(server),
    );

    expect(report.headroom.quotaRps).toBe(2_500);
  });

  it('replay finds the Region where the AWS CLI finds it', async () => {
    const { report } = await replayJson(
      ['--log-group', USERS, ...HOUR],
      envOf(server, { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'af-south-1' }),
    );

    expect(report.headroom.quotaRps).toBe(2_500);
  });
});

describe.concurrent('errors of gatewatch replay --log-group', () => {
  it('replay names a group that is not there, and reports the others', async () => {
    const server = await startAccount();

    const { code, stderr, report } = await replayJson(
      ['--log-group', USERS, 'nowhere', ...HOUR],
      envOf(server),
    );

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: log group nowhere: there is none in us-east-1; is it the right --region?\n',
    });
    expect(report.requests.total).toBe(100);
  });

  it.each([
    [
      'the permission is missing',
      'AccessDeniedException',
      `User: arn:aws:iam::123456789012:user/eve is not authorized to perform: logs:FilterLogEvents on resource: arn:aws:logs:us-east-1:123456789012:log-group:${USERS}:*`,
      `AWS denies logs:FilterLogEvents on arn:aws:logs:us-east-1:123456789012:log-group:${USERS}:*; docs/replay.md has the policy that is needed`,
    ],
    [
      'AWS does not know the credentials',
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      'AWS does not accept these credentials (UnrecognizedClientException), or the account has not enabled this Region: set AWS_PROFILE, or sign in with aws login, aws sso login or aws configure',
    ],
  ])('replay says it when %s, and prints no empty report', async (_, name, message, words) => {
    const server = await startAccount();
    server.answerOnce(() => jsonError(400, name, message));

    const run = await runCli(['replay', '--log-group', USERS, ...HOUR], envOf(server));

    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: log group ${USERS}: cannot be read: ${words}\n`,
    });
  });

  it('replay goes on after it was throttled', async () => {
    const server = await startAccount();
    server.answerOnce(() => jsonError(400, 'ThrottlingException', 'Rate exceeded'));

    const { code, report } = await replayJson(['--log-group', USERS, ...HOUR], envOf(server));

    expect(code).toBe(0);
    expect(report.requests.total).toBe(100);
  });

  it.each([
    [
      'without credentials',
      { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
      /^error: No AWS credentials .* set AWS_PROFILE/,
    ],
    ['without a Region', { AWS_REGION: undefined }, /^error: No Region: give --region/],
  ])('replay says what to do %s', async (_, env, words) => {
    const run = await runCli(
      ['replay', '--log-group', USERS, ...HOUR],
      envOf({ url: 'http://127.0.0.1:1' }, env),
    );

    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(words) });
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('replay says that AWS cannot be reached', async () => {
    const run = await runCli(['replay', '--log-group', USERS, ...HOUR], envOf({ url: await refusingUrl() }));

    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/cannot be read: AWS cannot be reached \(ECONNREFUSED/);
  }, 30_000);

  it.each([
    ['an ARN', ['--log-group', 'arn:aws:logs:x'], /Expected the name of a log group/],
    ['no name', ['--log-group'], /option '--log-group <name\.\.\.>' argument missing/],
    [
      'times in the wrong order',
      ['--log-group', USERS, '--since', '1h', '--until', '2h'],
      /^error: --since must be before --until$/m,
    ],
    [
      'a start in the future',
      ['--log-group', USERS, '--since', '2999-01-01'],
      /^error: --since is in the future/,
    ],
  ])('replay exits with 2 for %s', async (_, args, words) => {
    const run = await runCli(['replay', ...args], envOf({ url: 'http://127.0.0.1:1' }));

    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(words) });
  });

  it('replay ends at once on Ctrl-C, while AWS does not answer', async () => {
    const server = await startAccount();
    const asked = new Promise<void>((resolve) =>
      server.answerOnce(() => {
        resolve();
        return 'silence';
      }),
    );
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'cli/main.ts', 'replay', '--log-group', USERS, ...HOUR],
      { cwd: ROOT, env: environmentWith(envOf(server).env), stdio: 'ignore' },
    );

    await asked;
    child.kill('SIGINT');

    expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
  });
});
