import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { renderApplied, renderRemoved } from '#cli/render/setup-subscriptions.ts';
import { renderDryRun } from '#cli/render/setup-text.ts';
import { type DryRun, dryRunJson } from '#cli/setup/report.ts';
import { exampleDryRun } from '#test/fakes/example-dry-run.ts';
import { describedStage } from '#test/fakes/watched-account.ts';

const style = (columns: number) => ({ colors: picocolors.createColors(false), columns });

/** What stands above the printed changes, which are for copying and so are as long as they are. */
async function report(columns: number, differences = {}): Promise<string> {
  const text = renderDryRun(await exampleDryRun(differences), style(columns));
  return text.slice(0, text.indexOf("\n: 'Suggested"));
}

/** An account of stages that log nothing, whose names begin alike. */
async function manyStages(apiName: string, count: number): Promise<DryRun> {
  const run = await exampleDryRun();
  const [chat] = run.stages;
  if (chat === undefined) throw new Error('The example has no stages');
  const stages = Array.from({ length: count }, (_, index) => ({
    ...chat,
    stage: describedStage({ apiId: `a${index}`, apiName: `${apiName}-${index}`, apiType: 'REST' }),
  }));
  return { ...run, stages };
}

describe('renderDryRun()', () => {
  it.each([80, 120])('renderDryRun() keeps to %i columns', async (columns) => {
    const lines = (await report(columns)).split('\n');

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('renderDryRun() says who makes the filters', async () => {
    expect(await report(120)).toContain('To change 4 filters, run:\n  gatewatch setup --apply\n');
    expect(await report(120, { subscribeMode: 'auto' })).toContain('does this by itself within 5 minutes');
    expect(await report(120, { status: 'missing' })).toContain('before the stack is deployed');
  });

  it('renderDryRun() never suggests INFO, and warns of bodies', async () => {
    const text = renderDryRun(await exampleDryRun(), style(120));

    expect(text).toContain('ERROR is enough');
    expect(text).toContain('headers and bodies');
    expect(text).not.toMatch(/loglevel/i);
  });

  it('renderDryRun() names the filters of others where a group may be full', async () => {
    expect(await report(120)).toContain(
      '/aws/vendedlogs/users: if it takes another filter, beside datadog, splunk',
    );
  });

  it('renderDryRun() says nothing of what there is not', async () => {
    const run = await exampleDryRun();
    const changes = { language: 'cli', text: '' } as const;
    const bare = renderDryRun({ ...run, subscriptions: [], changes }, style(80));
    const empty = renderDryRun({ ...run, apis: 0, stages: [], subscriptions: [], changes }, style(80));

    expect(bare).toContain('no log group to subscribe to');
    expect(bare).not.toContain('Changes to make');
    expect(empty.trimEnd().split('\n')).toEqual([
      'account 123456789012 · us-east-1 · 0 APIs, 0 stages · nothing was changed',
      'Stack gatewatch-prod is deployed and leaves its filters to you',
      '(subscribe=manual)',
    ]);
  });

  it('renderDryRun() repeats in the next step what the run was about, on one line', async () => {
    const run = {
      ...(await exampleDryRun()),
      given: ['--stack', 'gw', '--region', 'eu-west-1', '--api', 'a1'],
    };
    const text = renderDryRun(run, style(40));

    expect(text.match(/^ {2}gatewatch setup --apply --stack gw --region eu-west-1 --api a1$/gm)).toHaveLength(
      2,
    );
  });

  it('renderDryRun() does not know the account before the stack is deployed', async () => {
    expect(await report(120, { status: 'missing' })).toMatch(/^account unknown · us-east-1 ·/);
  });

  it('renderDryRun() tells a problem of many stages once, with whole names', async () => {
    const text = renderDryRun(await manyStages('customer-facing-api-of-the-shop', 81), style(80)).replace(
      /\n {2}/g,
      ' ',
    );

    expect(text).toContain(
      '! 81 stages: there is no access log, so Gatewatch sees none of its requests: customer-facing-api-of-the-shop-0/prod, customer-facing-api-of-the-shop-1/prod, customer-facing-api-of-the-shop-2/prod, customer-facing-api-of-the-shop-3/prod and 77 more',
    );
  });

  it.each([80, 120])('renderDryRun() keeps all columns of the tables at %i columns', async (columns) => {
    const text = renderDryRun(
      await manyStages('customer-facing-api-of-the-shop-with-a-long-name', 12),
      style(columns),
    );
    const tables = text.slice(0, text.indexOf("\n: 'Suggested")).split('\n');

    for (const line of tables) expect(line.length).toBeLessThanOrEqual(columns);
    expect(tables.filter((line) => line.endsWith('…'))).toEqual([]);
    expect(new Set(tables.filter((line) => /\/prod .* REST/.test(line))).size).toBe(12);
  });

  it('renderDryRun() names a stage alike in all tables', async () => {
    const run = await exampleDryRun();
    const [chat, legacy] = run.stages;
    if (chat === undefined || legacy === undefined) throw new Error('The example has no stages');
    const firehose = {
      ...legacy,
      accessLog: 'firehose',
      format: null,
      change: null,
      costNow: null,
      costAfter: null,
    } as const;
    const twin = { ...firehose, stage: { ...legacy.stage, apiId: 'z9' } };
    const text = renderDryRun({ ...run, stages: [legacy, twin] }, style(120));

    expect(text.match(/^legacy-api\/prod \(b2c3d4e5f6\) /gm)).toHaveLength(2);
  });

  it('renderDryRun() tells a log group that does not exist', async () => {
    const run = await exampleDryRun();
    const gone = run.stages.map((logging) => ({
      ...logging,
      ...(logging.logGroupState !== null && {
        logGroupState: 'missing' as const,
        format: { counted: 'none' as const, problem: 'goes to a log group that does not exist', missing: [] },
      }),
    }));
    const text = renderDryRun({ ...run, stages: gone }, style(120));

    expect(text).toMatch(/^orders-api\/prod +REST +no group /m);
    expect(text).toContain('! 3 stages: the access log goes to a log group that does not exist: ');
  });

  it('renderDryRun() says that quick create made a stage', async () => {
    const run = await exampleDryRun();
    const managed = run.stages.map((logging) => ({
      ...logging,
      change: logging.change === null ? null : { ...logging.change, apiGatewayManaged: true },
    }));

    expect(renderDryRun({ ...run, stages: managed }, style(200))).toContain(
      '! 3 stages: made by quick create, and AWS documents that such a stage cannot be modified',
    );
  });

  it('renderDryRun() lets no name reach the terminal as a command', async () => {
    const run = await exampleDryRun();
    const evil = '\u001b[2Jorders\r\n\u202eapi';
    const text = renderDryRun(
      {
        ...run,
        stages: run.stages.map((logging) => ({ ...logging, stage: { ...logging.stage, apiName: evil } })),
        subscriptions: run.subscriptions.map((planned) => ({
          ...planned,
          group: `/logs/${evil}`,
          otherFilters: [evil, evil],
        })),
      },
      style(120),
    );

    expect(text).not.toMatch(/[\p{Bidi_Control}]|(?!\n)\p{Cc}/u);
    expect(text).toContain('[2Jordersapi/prod');
  });
});

describe('dryRunJson()', () => {
  it('dryRunJson() names the account, if it is known', async () => {
    expect(dryRunJson(await exampleDryRun())).toMatchObject({
      accountId: '123456789012',
      region: 'us-east-1',
    });
    expect(dryRunJson(await exampleDryRun({ status: 'missing' }))).toMatchObject({ accountId: null });
  });

  it('dryRunJson() has no destination before the stack is deployed', async () => {
    const text = JSON.stringify(dryRunJson(await exampleDryRun({ status: 'missing' })));

    expect(text).toContain('"destinationArn":null');
    expect(text).not.toContain('"destinationArn":""');
  });
});

describe('renderApplied() and renderRemoved()', () => {
  it('renderApplied() says what was done, what was left and what failed', async () => {
    const { region, stack } = await exampleDryRun();
    const what = { filterName: 'gatewatch-prod-access', otherFilters: ['datadog', 'splunk'] };
    const text = renderApplied(
      {
        region,
        stack,
        subscriptions: [
          { ...what, group: '/logs/a', outcome: 'made' },
          { ...what, group: '/logs/b', outcome: 'left', reason: 'slots-taken' },
          { ...what, group: 'API-Gateway-Execution-Logs_x/y', outcome: 'left', reason: 'no-group' },
          { ...what, group: '/logs/c', outcome: 'failed', error: new Error('no\u001b[31m') },
        ],
      },
      style(80),
    );

    expect(text.split('\n')).toEqual([
      'made      /logs/a',
      'left      /logs/b: all its filters are taken, by datadog, splunk',
      'later     API-Gateway-Execution-Logs_x/y: it does not exist yet: API Gateway',
      '          makes it with its first line',
      'failed    /logs/c: no[31m',
      'us-east-1 · 1 filter of stack gatewatch-prod made or replaced',
      '',
    ]);
  });

  it('renderRemoved() says so if there was nothing to remove', async () => {
    const { region, stack } = await exampleDryRun();

    expect(renderRemoved({ region, stack, filters: [] }, style(80))).toBe(
      'us-east-1 · no log group has a filter of stack gatewatch-prod\n',
    );
  });
});
