import { afterAll, describe, expect, it } from 'vitest';
import { calmLines, hourWithOutage } from '#test/fakes/access-log-lines.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { replayJson, runCli } from '#test/integration/run-cli.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

const calm = temp.write('calm.log', calmLines(600).join('\n'));
const outage = temp.write('outage.log', hourWithOutage().join('\n'));

/** Quotas of which the busiest second of a calm log takes 83 % or 71 %. */
const WARNING = ['--quota-rps', '1.2', '--quota-burst', '500'];
const INFO = ['--quota-rps', '1.4', '--quota-burst', '500'];

const ITEM = { apiId: 'a1lines001', apiName: 'orders-api', apiType: 'REST', stage: 'prod' };

describe.concurrent('exit codes of gatewatch replay', () => {
  it.each([
    ['a critical finding', outage, [], 'critical', 0],
    ['a critical finding and --fail-on critical', outage, ['--fail-on', 'critical'], 'critical', 1],
    ['a critical finding and --fail-on warning', outage, ['--fail-on', 'warning'], 'critical', 1],
    ['a warning and --fail-on critical', calm, [...WARNING, '--fail-on', 'critical'], 'warning', 0],
    ['a warning and --fail-on warning', calm, [...WARNING, '--fail-on', 'warning'], 'warning', 1],
    ['an info and --fail-on warning', calm, [...INFO, '--fail-on', 'warning'], 'info', 0],
    ['no finding and --fail-on warning', calm, ['--fail-on', 'warning'], null, 0],
  ])('replay of a log with %s exits with the right code', async (_, file, options, worst, expected) => {
    const { code, report, stderr } = await replayJson([file, ...options]);

    const severities = report.findings.map(({ severity }) => severity);
    const found = (['critical', 'warning', 'info'] as const).find((severity) =>
      severities.includes(severity),
    );
    expect(found ?? null).toBe(worst);
    expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
  });

  it('replay exits with 2, not 1, if --fail-on would fail but a file could not be read', async () => {
    const binary = temp.write('binary.log', Buffer.alloc(100));

    const { code, report } = await replayJson([outage, binary, '--fail-on', 'critical']);

    expect(report.findings).not.toEqual([]);
    expect(code).toBe(2);
  });
});

describe.concurrent('gatewatch replay --inventory', () => {
  it('replay --inventory gives a stage its name', async () => {
    const inventory = temp.write('inventory.json', JSON.stringify([ITEM]));

    const { code, report } = await replayJson([calm, '--inventory', inventory]);

    expect(code).toBe(0);
    expect(report.stages).toMatchObject([{ apiId: 'a1lines001', apiName: 'orders-api', stage: 'prod' }]);
  });

  it('replay --inventory with one stage gives it the lines that name none', async () => {
    const item = { ...ITEM, logGroup: '/aws/api-gateway/orders' };
    const inventory = temp.write('one-stage.json', JSON.stringify([item]));

    const { report } = await replayJson([
      'test/fixtures/access-logs/rest-aws-template.jsonl',
      '--inventory',
      inventory,
    ]);

    expect(report.requests.unidentified).toBe(0);
    expect(report.stages).toMatchObject([{ apiName: 'orders-api', requests: 8 }]);
  });

  it.each([
    ['a wrong type', [ITEM, { ...ITEM, apiType: 'SOAP' }], /: item 2: apiType: .*"SOAP"/],
    ['a missing name', [{ ...ITEM, apiName: undefined }], /: item 1: apiName: /],
    [
      'a negative limit',
      [ITEM, ITEM, { ...ITEM, limits: { rateRps: -1, burst: 0 } }],
      /: item 3: limits\.rateRps: /,
    ],
    ['no list', { items: [ITEM] }, /: an inventory is a JSON array of stages/],
  ])('replay --inventory names file, item and field for %s', async (name, value, message) => {
    const file = temp.write(`${name}.json`, JSON.stringify(value));

    const { code, stdout, stderr } = await runCli(['replay', calm, '--inventory', file]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`error: ${file}: `);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['is no JSON', temp.write('broken.json', '[{'), 'is not JSON'],
    ['is missing', '/nowhere/inventory.json', 'no such file or folder'],
    ['is a folder', temp.path, 'cannot be read (EISDIR)'],
  ])('replay --inventory names a file that %s', async (_, file, why) => {
    expect(await runCli(['replay', calm, '--inventory', file])).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${file}: ${why}\n`,
    });
  });
});
