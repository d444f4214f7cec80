import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiGatewayContent } from '#test/fakes/apigateway-server.ts';
import { type SurveyedAccount, startSurveyedAccount } from '#test/fakes/surveyed-account.ts';
import { AWS_CREDENTIALS, type CliRun, runCli } from '#test/integration/run-cli.ts';

const CONTENT: ApiGatewayContent = {
  restApis: [
    { id: 'a1orders01', name: 'orders-api', stages: [{ stageName: 'prod' }] },
    { id: 'b2payments', name: 'payments-api', stages: [{ stageName: 'prod' }] },
  ],
  v2Apis: [
    { apiId: 'c3users001', name: 'users-api', protocolType: 'HTTP', stages: [{ stageName: '$default' }] },
  ],
};

const ITEMS = [
  {
    apiId: 'a1orders01',
    apiName: 'orders-api',
    apiType: 'REST',
    stage: 'prod',
    logGroup: '/logs/orders',
    limits: null,
  },
  {
    apiId: 'b2payments',
    apiName: 'payments-api',
    apiType: 'REST',
    stage: 'prod',
    logGroup: '/logs/payments',
    limits: { rateRps: 50, burst: 25 },
  },
];

const accounts: SurveyedAccount[] = [];
afterAll(() => Promise.all(accounts.map(({ stop }) => stop())));

async function start(content = CONTENT): Promise<SurveyedAccount> {
  const account = await startSurveyedAccount(content);
  accounts.push(account);
  return account;
}

function headroom({ url }: SurveyedAccount, ...args: readonly string[]): Promise<CliRun> {
  return runCli(['headroom', ...args], { env: { ...AWS_CREDENTIALS, AWS_ENDPOINT_URL: url } });
}

/** An account with a deployed stack, in which orders-api has grown from 20 to 90 rps for the last five minutes. */
async function startSurge(): Promise<SurveyedAccount> {
  const account = await start();
  account.inventory.push(...ITEMS);
  account.countLogged([
    {
      apiId: 'a1orders01',
      stage: 'prod',
      rateOf: (minutesAgo) => (minutesAgo <= 5 ? 90 : 20),
      refusedOf: (minutesAgo) => (minutesAgo <= 5 ? 3 : 0),
    },
    {
      apiId: 'b2payments',
      stage: 'prod',
      rateOf: () => 20,
      refusedOf: (minutesAgo) => (minutesAgo <= 5 ? 2 : 0),
    },
  ]);
  return account;
}

/** An account without Gatewatch, which API Gateway counts. */
async function startForeign(): Promise<SurveyedAccount> {
  const account = await start();
  account.stacks.clear();
  account.countByService({ ApiName: 'orders-api', Stage: 'prod' }, () => 30);
  account.countByService({ ApiName: 'payments-api', Stage: 'prod' }, () => 12.5);
  account.countByService({ ApiId: 'c3users001', Stage: '$default' }, () => 7.5);
  return account;
}

describe.concurrent('gatewatch headroom', () => {
  let surge: SurveyedAccount;
  let foreign: SurveyedAccount;
  beforeAll(async () => {
    [surge, foreign] = await Promise.all([startSurge(), startForeign()]);
  });

  it('headroom says how full the account is, who takes it and who is hurt', async () => {
    const { code, stdout, stderr } = await headroom(surge, '--quota-rps', '100', '--quota-burst', '50');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of [
      /^us-east-1 123456789012 +\d\d:\d\d UTC, complete to \d\d:\d\d\nquota 100 rps, burst 50 \(set by --quota-rps,/,
      /^now {3}110 rps {2}█+ 110 % {3}peak second 110 \(110 %\) at \d\d:\d\d:\d\d {3}bucket empty for \d+/m,
      /^30 m {2}▃{20,}█{3,}/m,
      /^top {3}orders-api\/prod 90 \(82 %, usual 50 %, ≥ 180 refused\) no limit ·$/m,
      /^ {6}payments-api\/prod 20 \(18 %, usual 50 %, ≥ 120 refused\) limit 50$/m,
      /^critical Account throttle exhausted, since \d\d:\d\d UTC$/m,
      /^ +Caused by +orders-api\/prod 90 rps, usually 20 \(4\.5 ×\)/m,
      /^ +Hurt +payments-api\/prod ≥ /m,
    ])
      expect(stdout).toMatch(text);
    expect(stdout).not.toContain('means of minutes');
  });

  it('headroom works where Gatewatch is not deployed, and says what minutes do not tell', async () => {
    const { code, stdout, stderr } = await headroom(foreign, '--quota-rps', '100');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^us-east-1 {3}.*\nquota 100 rps \(set by --quota-rps; GetAccount says 10,000;/);
    expect(stdout).toMatch(/^now {3}50 rps {2}█{20}░{20} 50 %$/m);
    expect(stdout).toMatch(
      /^top {3}orders-api\/prod 30 \(60 %\) no limit · payments-api\/prod 12\.5 \(25 %\) no limit ·\n {6}users-api\/\$default 7\.5/m,
    );
    expect(stdout).toMatch(/^note {2}means of minutes, .* peaks within a minute, the burst bucket and 429s/m);
    expect(stdout).not.toMatch(/peak second|bucket never/);
  });

  it('headroom judges the means of minutes where there is nothing else, and claims no peak', async () => {
    const { code, stdout } = await headroom(foreign, '--quota-rps', '52', '--fail-on', 'critical');

    expect(code).toBe(1);
    expect(stdout).toMatch(/^critical Account close to its throttle, for 3\d minutes or longer$/m);
    expect(stdout).toMatch(/^ +Now +50 rps of 52 \(96 %\) · 50 rps of it without logs, a mean$/m);
  });

  it.each([
    ['critical', '100', 1],
    ['critical', '10000', 0],
    ['warning', '10000', 0],
  ])('headroom --fail-on %s exits with 1 only on such a finding', async (severity, quotaRps, expected) => {
    const { code } = await headroom(surge, '--quota-rps', quotaRps, '--fail-on', severity, '--json');

    // Some 429s in an account that is far from its quota are a warning about their stages.
    expect(code).toBe(severity === 'warning' ? 1 : expected);
  });

  it('headroom --json prints one document', async () => {
    const [deployed, without] = await Promise.all([
      headroom(surge, '--json', '--quota-rps', '1000'),
      headroom(foreign, '--json', '--quota-rps', '1000'),
    ]);

    const report = JSON.parse(deployed.stdout);
    expect(report).toMatchObject({
      schemaVersion: 1,
      accountId: '123456789012',
      region: 'us-east-1',
      stack: { name: 'gatewatch-prod', status: 'deployed' },
      quota: { rateRps: 1_000, rateSource: 'override' },
      source: 'access-logs',
      // Far from the quota, 429s are those of limits before the account's: no part of its demand.
      now: { requests: 6_600, demandRps: 105, usedRatio: 0.105, perSecond: { peakRps: 105, throttled: 300 } },
      stages: [
        { apiId: 'a1orders01', apiName: 'orders-api', stage: 'prod', nowRps: 90, usualRps: 20, limit: null },
        { apiId: 'b2payments', limit: { rateRps: 50, burst: 25 }, throttled: 120 },
      ],
      notes: [],
    });
    expect(report.minutes.length).toBeGreaterThanOrEqual(28);
    expect(Date.parse(report.to) - Date.parse(report.from)).toBe(30 * 60_000);
    expect(JSON.parse(without.stdout)).toMatchObject({
      accountId: null,
      stack: { status: 'missing' },
      source: 'service-counts',
      now: { demandRps: 50, perSecond: null },
      stages: [{ throttled: null }, {}, {}],
      stagesKnown: 3,
    });
  });

  it('headroom takes each REST name once, whatever the number of its APIs', async () => {
    const [api] = CONTENT.restApis;
    const twins = [api, { ...api, id: 'a2orders02' }] as ApiGatewayContent['restApis'];
    const account = await start({ restApis: twins, v2Apis: [] });
    account.countByService({ ApiName: 'orders-api', Stage: 'prod' }, () => 30);

    const { stdout } = await headroom(account);

    expect(stdout).toMatch(/^now {3}30 rps/m);
    expect(stdout).toMatch(/^top {3}orders-api\/prod with 1 other of that name 30 \(100 %\)/m);
  });

  it('headroom takes the lower of what the services say for the quota', async () => {
    const account = await start({ ...CONTENT, throttleSettings: { rateLimit: 60, burstLimit: 5_000 } });
    account.stacks.clear();
    account.countByService({ ApiName: 'orders-api', Stage: 'prod' }, () => 30);

    const { stdout } = await headroom(account);

    expect(stdout).toContain('quota 60 rps, burst 5,000 (GetAccount; Service Quotas says 10,000)');
    expect(stdout).toMatch(/^now {3}30 rps {2}[█░]+ 50 %/m);
  });

  it('headroom holds the logs against what API Gateway counts', async () => {
    const account = await start();
    account.inventory.push(...ITEMS, {
      apiId: 'd4dev00001',
      apiName: 'internal-api',
      apiType: 'REST',
      stage: 'dev',
    });
    account.countLogged([{ apiId: 'a1orders01', stage: 'prod', rateOf: () => 30 }]);
    account.countByService({ ApiName: 'orders-api', Stage: 'prod' }, () => 30);
    account.countByService({ ApiName: 'internal-api', Stage: 'dev' }, () => 10);

    const { code, stdout } = await headroom(account);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^blind internal-api\/dev has no access log \(25 % of the account's requests\)$/m);
  });

  it('headroom is as wide as COLUMNS says', async () => {
    const { stdout } = await runCli(['headroom', '--quota-rps', '100'], {
      env: { ...AWS_CREDENTIALS, AWS_ENDPOINT_URL: surge.url, COLUMNS: '60' },
    });

    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});
