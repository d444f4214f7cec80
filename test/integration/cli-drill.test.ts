import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';
import { type DrilledAccount, startDrilledAccount } from '#test/fakes/drilled-account.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';
import { createIncident } from '#test/fakes/finding.ts';
import { type CliRun, environmentWith, ROOT, runCli } from '#test/integration/run-cli.ts';

type Behaviour = Parameters<typeof startDrilledAccount>[1];

let dynamoDb: DynamoDb;
const accounts: DrilledAccount[] = [];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(async () => {
  await Promise.all(accounts.map(({ stop }) => stop()));
  await dynamoDb.stop();
});

async function start(behaviour: Behaviour = {}) {
  const account = await startDrilledAccount(dynamoDb, behaviour);
  accounts.push(account);
  const drill = (...args: string[]): Promise<CliRun> => runCli(['drill', ...args], { env: account.env });
  /** The only incident, which is a drill's. */
  const incident = async () => {
    await account.settle();
    const details = account.events.map(({ detail }) => detail as { findings: Finding[] });
    const finding = details[0]?.findings[0];
    return finding === undefined ? null : account.incidents.read(storyOf(finding).key);
  };
  return { account, drill, incident };
}

describe.concurrent('gatewatch drill', () => {
  it('drill opens an incident, times the hops, closes it, and names who is not told', async () => {
    const { account, drill, incident } = await start();

    const { code, stdout, stderr } = await drill();

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(account.messages).toEqual(['sns opened', 'sns closed']);
    expect(await incident()).toMatchObject({
      status: 'closed',
      severity: 'warning',
      story: { kind: 'drill' },
    });
    expect(stdout.replace(/drill [0-9a-f]{8},/, 'drill ID,').replaceAll(/ +\d+\.\d(?=\s)/g, ' N')).toBe(
      `drill ID, warning · stack gatewatch-prod, account 123456789012, us-east-1 · passed

seconds until             opened  closed
on the bus N N
the incident was written N N
sns was told N N

By the clock of this machine, from the moment at which the event was put on the bus. It looked every N s, so a hop may
have been so much sooner.
slack is told of what is critical only, and so not of this drill: try --severity critical.
`,
    );
  });

  it('drill --severity critical --json tells everybody, and prints one document', async () => {
    const { account, drill } = await start();

    const { code, stdout } = await drill('--severity', 'critical', '--json');

    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect([...account.messages].sort()).toEqual([
      'slack closed',
      'slack opened',
      'sns closed',
      'sns opened',
    ]);
    expect(report).toMatchObject({
      schemaVersion: 1,
      command: 'drill',
      accountId: '123456789012',
      region: 'us-east-1',
      stack: 'gatewatch-prod',
      severity: 'critical',
      isPassed: true,
      notTold: [],
      pollMs: 500,
      clockAheadMs: null,
    });
    const hops = report.hops.map(({ step, hop, receiver }: Record<string, string>) => [step, hop, receiver]);
    expect(hops).toEqual(
      ['opening', 'closing'].flatMap((step) => [
        [step, 'bus', null],
        [step, 'incident', null],
        [step, 'receiver', 'sns'],
        [step, 'receiver', 'slack'],
      ]),
    );
    expect(report.hops.at(-1)).toEqual({
      step: 'closing',
      hop: 'receiver',
      receiver: 'slack',
      tookMs: expect.any(Number),
      sentAt: expect.stringMatching(/^\d{4}-.*Z$/),
      problem: null,
    });
  });

  it('drill ends with 1 and says why a receiver refused, and closes the incident', async () => {
    const { drill, incident } = await start({
      slack: () => ({ type: 'refused', reason: 'channel_not_found' }),
    });

    const { code, stdout } = await drill('--severity', 'critical');

    expect(code).toBe(1);
    expect(stdout).toContain('failed');
    expect(stdout).toContain('! opened: slack refused it: channel_not_found');
    expect(stdout).toMatch(/slack was told +no +-/);
    expect((await incident())?.status).toBe('closed');
  });

  it('drill ends with 1 if nothing comes within the timeout, and closes all the same', async () => {
    const { account, drill, incident } = await start({ onEvent: () => account.events.length > 1 });

    const { code, stdout } = await drill('--timeout', '1');

    expect(code).toBe(1);
    expect(stdout).toContain(
      '! opened: no incident within 1 s: dispatch-alerts did not get the event, or fails',
    );
    expect((await incident())?.status).toBe('closed');
  });

  it('drill closes the incident before it ends by Ctrl-C', async () => {
    const { account, incident } = await start({ onEvent: () => account.events.length > 1 });
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'drill', '--json'], {
      cwd: ROOT,
      env: environmentWith(account.env),
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
    });
    while (account.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));

    child.kill('SIGINT');

    expect(await ended).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ isPassed: false });
    expect(account.events).toHaveLength(2);
    expect((await incident())?.status).toBe('closed');
  });

  it('drill says how to close what it could not', async () => {
    const { account, drill } = await start({
      onEvent: () => {
        // The bus takes the drill, and is gone after that.
        for (let call = 0; call < 3; call += 1) account.server.answerOnce(() => 'reset');
        return false;
      },
    });

    const { code, stderr } = await drill('--timeout', '1');

    expect(code).toBe(2);
    expect(stderr).toMatch(/The drill may still be open: gatewatch drill --close [0-9a-f]{8}\n/);
  });

  it('drill --close closes a drill that was left open', async () => {
    const { account, drill } = await start();
    const scope = { accountId: '123456789012', region: 'us-east-1', subject: 'd1' };
    const left = createIncident({ kind: 'alerting.drill', evaluator: 'drill', cause: null, scope });
    await account.incidents.write({ ...left, revision: 1 }, null);

    const { code, stdout, stderr } = await drill('--close', 'd1');

    expect([code, stdout, stderr]).toEqual([0, '', 'Drill d1 is closed with the next messages.\n']);
    await account.settle();
    expect((await account.incidents.read(left.story.key))?.status).toBe('closed');
  });

  it.each([
    ['to close one that is not there', ['--close', 'd9'], 'No drill d9 of stack gatewatch-prod'],
    ['a severity that is none', ['--severity', 'info'], 'Allowed choices are warning, critical'],
    ['a timeout that is none', ['--timeout', 'soon'], 'Expected a duration'],
    ['a timeout of a day', ['--timeout', '1d'], 'Expected at most 1h'],
    ['an id that is none', ['--close', 'a b'], 'Expected the id of a drill'],
    ['a stack that is not there', ['--stack', 'gw'], 'There is no stack gw in us-east-1'],
    ['a stack of another version', ['--stack', 'older'], 'has no output AlertBusName, AlertReceivers'],
    ['permissions as JSON', ['--iam', '--json'], '--iam prints JSON'],
  ])('drill refuses %s', async (_, args, message) => {
    const { account, drill } = await start();

    const { code, stdout, stderr } = await drill(...args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(account.events).toEqual([]);
  });

  it('drill --iam prints permissions for one bus and the incidents of drills', async () => {
    const { code, stdout } = await runCli(['drill', '--iam', '--region', 'cn-north-1', '--stack', 'gw']);

    const { Statement } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(Statement).toEqual([
      expect.objectContaining({ Action: 'cloudformation:DescribeStacks' }),
      expect.objectContaining({
        Action: 'events:PutEvents',
        Resource: 'arn:aws-cn:events:cn-north-1:*:event-bus/gw',
      }),
      expect.objectContaining({
        Action: 'dynamodb:GetItem',
        Resource: 'arn:aws-cn:dynamodb:cn-north-1:*:table/gw-IncidentsTable-*',
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['drill|*'] } },
      }),
    ]);
  });
});
