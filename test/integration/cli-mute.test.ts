import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbMutes } from '#shared/adapters/dynamodb-mutes.ts';
import { MAX_MUTES, type Mute } from '#shared/domain/incidents/mute.ts';
import { type AlertAccount, startAlertAccount } from '#test/fakes/alert-account.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';
import { createFinding, createIncident } from '#test/fakes/finding.ts';
import { createMute } from '#test/fakes/mute.ts';
import { type CliRun, runCli } from '#test/integration/run-cli.ts';

const HOUR_MS = 3_600_000;
const LOAD_TEST = ['--api', 'orders-api', '--for', '2h', '--reason', 'load test'];

let dynamoDb: DynamoDb;
const accounts: AlertAccount[] = [];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});

afterAll(async () => {
  await Promise.all(accounts.map(({ stop }) => stop()));
  await dynamoDb.stop();
});

async function start() {
  const account = await startAlertAccount(dynamoDb);
  accounts.push(account);
  const mutes = createDynamoDbMutes(dynamoDb.client, account.incidentsTable);
  const incidents = createDynamoDbIncidents(dynamoDb.client, account.incidentsTable);
  const run = (...args: string[]): Promise<CliRun> => runCli(args, { env: account.env });
  return { account, mutes, incidents, run };
}

/** A mute that is active on the clock of this machine. */
function activeMute(differences: Partial<Mute> = {}): Mute {
  const nowMs = Date.now();
  return createMute({ createdAtMs: nowMs - HOUR_MS, untilMs: nowMs + HOUR_MS, ...differences });
}

describe.concurrent('gatewatch mute', () => {
  it('mute stores a mute and says what of the open incidents it holds back', async () => {
    const { mutes, incidents, run } = await start();
    const errors = createIncident();
    const account = createIncident({
      kind: 'throttling.account',
      title: 'Account throttle exhausted',
      scope: { accountId: '123456789012', region: 'us-east-1' },
    });
    const stage = createFinding({ id: 's', kind: 'throttling.stage', cause: 'throttle.account' });
    await incidents.write({ ...errors, revision: 1 }, null);
    await incidents.write({ ...account, revision: 1, findings: [...account.findings, stage] }, null);

    const { code, stdout, stderr } = await run('mute', ...LOAD_TEST);

    const { mutes: stored } = await mutes.read();
    const [mute] = stored;
    expect({ code, stderr, count: stored.length }).toEqual({ code: 0, stderr: '', count: 1 });
    expect(mute).toMatchObject({
      match: { api: 'orders-api' },
      reason: 'load test',
      createdBy: userInfo().username,
      endedAtMs: null,
      heldBack: { count: 0, incidents: [] },
    });
    expect((mute?.untilMs ?? 0) - (mute?.createdAtMs ?? 0)).toBe(2 * HOUR_MS);
    const anyTimes = stdout
      .replaceAll(mute?.id ?? '', 'ID')
      .replace(/until .* UTC, in 2 h/, 'until T, in 2 h')
      .replaceAll(/since .* UTC /g, 'since T ');
    expect(anyTimes).toBe(`stack gatewatch-prod, account 123456789012, us-east-1

Mute ID · API orders-api · until T, in 2 h
It holds an incident back if all of its open findings match. What it held back is told when it ends.

Open now, and held back from now on:
  critical  since T  4.1 % of requests to orders-api/prod fail
Open now, and told all the same, since not all of it matches:
  critical  since T  Account throttle exhausted

To end it before:
  gatewatch mutes --end ID
`);
  });

  it('mute --json prints the mute and what of the open incidents matches', async () => {
    const { mutes, incidents, run } = await start();
    await incidents.write({ ...createIncident({ kind: 'latency' }), revision: 1 }, null);
    const until = new Date(Date.now() + HOUR_MS).toISOString();

    const { stdout } = await run(
      ...['mute', '--stage', 'prod', '--kind', 'latency', '--until', until, '--reason', ' a <b> ', '--json'],
    );

    const [mute] = (await mutes.read()).mutes;
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      command: 'mute',
      accountId: '123456789012',
      region: 'us-east-1',
      stack: 'gatewatch-prod',
      mute: {
        id: mute?.id,
        match: { stage: 'prod', kind: 'latency' },
        reason: 'a <b>',
        createdBy: mute?.createdBy,
        createdAt: new Date(mute?.createdAtMs ?? 0).toISOString(),
        until,
        heldBack: { count: 0, incidents: [] },
      },
      openNow: {
        heldBack: [
          {
            id: createIncident({ kind: 'latency' }).id,
            title: '4.1 % of requests to orders-api/prod fail',
            severity: 'critical',
            openedAt: '2026-03-02T14:00:00.000Z',
          },
        ],
        told: [],
      },
    });
  });

  it('mute says that nothing matches', async () => {
    const { run } = await start();

    const { stdout } = await run('mute', ...LOAD_TEST);

    expect(stdout).toContain('Of what is open now, nothing matches.');
  });

  it('mute keeps the mutes of others', async () => {
    const { mutes, run } = await start();
    await mutes.write([activeMute()], null);

    await run('mute', ...LOAD_TEST);

    expect((await mutes.read()).mutes).toHaveLength(2);
  });

  it('mute refuses one more than there can be', async () => {
    const { mutes, run } = await start();
    const all = Array.from({ length: MAX_MUTES }, (_, index) => activeMute({ id: `m${index}` }));
    await mutes.write(all, null);

    const { code, stderr } = await run('mute', ...LOAD_TEST);

    expect([code, stderr]).toEqual([2, 'error: Cannot add a mute: there are 200, the most there can be\n']);
  });

  it.each([
    ['everything', ['--for', '2h', '--reason', 'x'], 'Say what to mute: --api, --stage, --kind'],
    ['no time', ['--api', 'a', '--reason', 'x'], 'Say for how long'],
    ['two times', [...LOAD_TEST, '--until', '2026-11-26'], "cannot be used with option '--until"],
    ['no reason', ['--api', 'a', '--for', '2h'], 'Say why: --reason'],
    ['an empty reason', ['--api', 'a', '--for', '2h', '--reason', ' '], 'Expected one line of 1 to 300'],
    ['a kind that is none', [...LOAD_TEST, '--kind', 'errors'], 'Expected one of blind, blind.logs,'],
    ['the alerting itself', [...LOAD_TEST, '--kind', 'alerting'], 'Expected one of blind, blind.logs,'],
    ['a stage that is none', [...LOAD_TEST, '--stage', 'a/b'], 'Expected the name of a stage'],
    ['an API that is none', [...LOAD_TEST, '--api', 'a\u001bb'], 'Expected the id or the name of an API'],
    ['a time that is none', ['--api', 'a', '--for', 'long', '--reason', 'x'], 'Expected a duration'],
    ['no time at all', ['--api', 'a', '--for', '0h', '--reason', 'x'], 'Expected a duration'],
    ['31 days', ['--api', 'a', '--for', '31d', '--reason', 'x'], 'A mute lasts 30 days at most'],
    [
      'the past',
      ['--api', 'a', '--until', '2026-01-01', '--reason', 'x'],
      '2026-01-01T00:00:00.000Z is over',
    ],
    ['a stack that is not there', [...LOAD_TEST, '--stack', 'gw'], 'There is no stack gw in us-east-1'],
    ['a stack of another version', [...LOAD_TEST, '--stack', 'older'], 'has no output IncidentsTableName'],
    ['permissions of a mute', ['--iam', ...LOAD_TEST], "'--iam' cannot be used with option"],
    ['permissions as JSON', ['--iam', '--json'], '--iam prints JSON'],
  ])('mute refuses %s', async (_, args, message) => {
    const { mutes, run } = await start();

    const { code, stdout, stderr } = await run('mute', ...args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(await mutes.read()).toEqual({ revision: null, mutes: [] });
  });

  it.each(['mute', 'mutes'])('%s --iam prints permissions for one item of one table', async (command) => {
    const { code, stdout } = await runCli([command, '--iam', '--region', 'cn-north-1', '--stack', 'gw']);

    const { Statement } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(Statement).toEqual([
      expect.objectContaining({ Action: 'cloudformation:DescribeStacks' }),
      expect.objectContaining({
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        Resource: 'arn:aws-cn:dynamodb:cn-north-1:*:table/gw-IncidentsTable-*',
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mutes'] } },
      }),
      expect.objectContaining({
        Action: 'dynamodb:Query',
        Resource: 'arn:aws-cn:dynamodb:cn-north-1:*:table/gw-IncidentsTable-*/index/active',
      }),
    ]);
  });
});

describe.concurrent('gatewatch mutes', () => {
  const held = {
    id: 'i',
    title: '4 %\u001b[2J fail',
    severity: 'critical',
    openedAt: '2026-03-02T14:00:00.000Z',
  } as const;

  it('mutes lists the active ones with what they held back', async () => {
    const { mutes, run } = await start();
    const longer = activeMute({
      id: 'm2',
      match: { kind: 'throttling' },
      createdBy: null,
      untilMs: Date.now() + 2 * 24 * HOUR_MS,
      heldBack: { count: 25, incidents: [held] },
    });
    await mutes.write([activeMute(), longer, createMute({ id: 'over' })], null);

    const { code, stdout } = await run('mutes');

    expect(code).toBe(0);
    expect(
      stdout
        .replaceAll(/\S+( \S+)? UTC/g, 'T UTC')
        .replaceAll(/in \d+ \w+( \d+ min)?/g, 'in D')
        .replaceAll(/ +/g, ' '),
    ).toBe(
      `stack gatewatch-prod, account 123456789012, us-east-1 · 2 mutes

id until held back about by reason
m1 T UTC, in D 0 API orders-api ana load test
m2 T UTC, in D 25 kind throttling somebody load test

Held back by m2: 25
 critical since T UTC 4 %[2J fail
 and 24 more
`,
    );
  });

  it('mutes says that nothing is muted', async () => {
    const { run } = await start();

    expect((await run('mutes')).stdout).toBe(
      'stack gatewatch-prod, account 123456789012, us-east-1 · nothing is muted\n',
    );
  });

  it('mutes --json prints one document', async () => {
    const { mutes, run } = await start();
    const mute = activeMute({ heldBack: { count: 1, incidents: [held] } });
    await mutes.write([mute, createMute({ id: 'over' })], null);

    const { stdout } = await run('mutes', '--json');

    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: 'mutes',
      mutes: [
        { id: 'm1', until: new Date(mute.untilMs).toISOString(), heldBack: { count: 1, incidents: [held] } },
      ],
    });
  });

  it('mutes --end ends one now, whose end is still to be told', async () => {
    const { mutes, run } = await start();
    const heldBack = { count: 1, incidents: [held] };
    await mutes.write([activeMute({ heldBack }), activeMute({ id: 'm2' })], null);

    const { code, stdout } = await run('mutes', '--end', 'm1');

    const [first, second] = (await mutes.read()).mutes;
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Mute m1 is over. It held back 1 incident: a message says within a minute what that was',
    );
    expect(first).toMatchObject({ id: 'm1', endedAtMs: expect.any(Number), heldBack });
    expect(second).toMatchObject({ id: 'm2', endedAtMs: null });
  });

  it('mutes --end --json prints the mute that ended', async () => {
    const { mutes, run } = await start();
    await mutes.write([activeMute()], null);

    const { stdout } = await run('mutes', '--end', 'm1', '--json');

    expect(JSON.parse(stdout)).toMatchObject({ command: 'mutes --end', mute: { id: 'm1' } });
  });

  it.each([
    ['is over', 'over', 'No active mute of stack gatewatch-prod in us-east-1 is called over'],
    ['is not there', 'm9', 'gatewatch mutes lists them'],
    ['has no name', 'a b', 'Expected the id of a mute'],
  ])('mutes --end refuses one that %s', async (_, id, message) => {
    const { mutes, run } = await start();
    await mutes.write([createMute({ id: 'over' })], null);

    const { code, stderr } = await run('mutes', '--end', id);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
