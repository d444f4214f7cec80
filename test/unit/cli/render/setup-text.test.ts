import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { renderApplied, renderRemoved } from '#cli/render/setup-subscriptions.ts';
import { renderDryRun } from '#cli/render/setup-text.ts';
import { dryRunJson } from '#cli/setup/report.ts';
import { exampleDryRun } from '#test/fakes/example-dry-run.ts';

const style = (columns: number) => ({ colors: picocolors.createColors(false), columns });

/** What stands above the printed changes, which are for copying and so are as long as they are. */
async function report(columns: number, differences = {}): Promise<string> {
  const text = renderDryRun(await exampleDryRun(differences), style(columns));
  return text.slice(0, text.indexOf('\n# Suggested'));
}

describe('renderDryRun()', () => {
  it.each([80, 120])('renderDryRun() keeps to %i columns', async (columns) => {
    const lines = (await report(columns)).split('\n');

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('renderDryRun() says who makes the filters', async () => {
    expect(await report(120)).toContain('gatewatch setup --apply changes 4 filters.');
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
    const text = renderDryRun(
      { ...run, apis: 0, stages: [], subscriptions: [], changes: { language: 'cli', text: '' } },
      style(80),
    );

    expect(text).not.toMatch(/Problems|Missing|Cost|Changes/);
    expect(text).toContain('no log group to subscribe to');
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
