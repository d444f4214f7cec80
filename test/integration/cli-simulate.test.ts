import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { type CliRun, ROOT, replayJson, runCli } from '#test/integration/run-cli.ts';

const NOTE = 'Synthetic: made by a random generator with seed 1, not logged by API Gateway.\n';

/** A small account: every rate follows the quota, and so does the size of the log. */
const SMALL = ['--quota-rps', '2'];

const temp = makeTempFolder();
afterAll(temp.remove);

function sample(name: string): Buffer {
  return readFileSync(join(ROOT, 'sample', name));
}

describe.concurrent('gatewatch simulate', () => {
  let first: CliRun;

  beforeAll(async () => {
    first = await runCli(['simulate', ...SMALL]);
  });

  it('simulate prints lines of JSON in order of time to standard output, and says to standard error that they are synthetic', () => {
    const { code, stdout, stderr } = first;
    const lines = stdout.trimEnd().split('\n');
    const times = lines.map((line) =>
      Number((JSON.parse(line) as { requestTimeEpoch: string }).requestTimeEpoch),
    );

    expect({ code, stderr }).toEqual({ code: 0, stderr: NOTE });
    expect(lines.length).toBeGreaterThan(2_000);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Date(times[0] ?? 0).toISOString()).toMatch(/^2026-06-15T00:/);
    expect(new Date(times.at(-1) ?? 0).toISOString()).toMatch(/^2026-06-15T23:/);
  });

  it('simulate prints the same bytes for the same seed and others for another', async () => {
    const [same, other] = await Promise.all([
      runCli(['simulate', ...SMALL, '--seed', '1']),
      runCli(['simulate', ...SMALL, '--seed', '2']),
    ]);

    expect(same.stdout === first.stdout).toBe(true);
    expect(other.code).toBe(0);
    expect(other.stderr).toContain('seed 2');
    expect(other.stdout === first.stdout).toBe(false);
    expect(other.stdout.length).toBeGreaterThan(first.stdout.length / 2);
  });

  it('simulate piped into replay loses no line', async () => {
    const { code, stderr, report } = await replayJson(['-', '--quota-rps', '2', '--quota-burst', '1'], {
      stdin: first.stdout,
    });

    const lines = first.stdout.trimEnd().split('\n');
    const statuses: Record<string, number> = {};
    for (const line of lines) {
      const { status } = JSON.parse(line) as { status: string };
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.input).toMatchObject({ linesRead: lines.length, rejected: {} });
    expect(report.requests).toMatchObject({ total: lines.length, unidentified: 0, byStatus: statuses });
    expect(report.incidents.map(({ story }) => story.kind)).toContain('account');
  });

  it('simulate --day moves the log to another day and changes nothing else', async () => {
    const { stdout } = await runCli(['simulate', ...SMALL, '--day', '2025-12-31']);

    const shiftMs = Date.parse('2026-06-15') - Date.parse('2025-12-31');
    const moved = stdout.replace(
      /"requestTimeEpoch":"(\d+)"/g,
      (_, ms) => `"requestTimeEpoch":"${Number(ms) + shiftMs}"`,
    );
    expect(stdout === first.stdout).toBe(false);
    expect(moved === first.stdout).toBe(true);
  });

  it('simulate --out writes a folder that replay takes, log and inventory', async () => {
    const folder = join(temp.path, 'day');

    const run = await runCli(['simulate', ...SMALL, '--out', folder]);

    const written = `Wrote access.jsonl.gz, inventory.json and sample.json to ${folder}.\n`;
    expect({ ...run, stderr: '' }).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(run.stderr.startsWith(NOTE + written)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['access.jsonl.gz', 'inventory.json', 'sample.json']);
    expect(gunzipSync(readFileSync(join(folder, 'access.jsonl.gz'))).toString('utf8') === first.stdout).toBe(
      true,
    );
    expect(JSON.parse(readFileSync(join(folder, 'sample.json'), 'utf8'))).toEqual({
      synthetic: true,
      scenario: 'day',
      truth: expect.arrayContaining([expect.stringContaining('partner-api')]),
      seed: 1,
      accountId: '123456789012',
      region: 'us-east-1',
      quotaRps: 2,
      quotaBurst: 1,
    });
    const { report } = await replayJson([folder, '--inventory', join(folder, 'inventory.json')]);
    expect(report.stages.map(({ apiName }) => apiName).sort()).toEqual([
      'partner-api',
      'payments-api',
      'reports-api',
      'shop-api',
      'users-api',
    ]);
  });

  it('simulate --out writes what is bundled as the sample', async () => {
    const folder = join(temp.path, 'sample');

    await runCli(['simulate', '--out', folder]);

    for (const name of ['inventory.json', 'sample.json']) {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(sample(name).toString('utf8'));
    }
    // Packed by whichever zlib: the same bytes only when unpacked.
    const log = gunzipSync(readFileSync(join(folder, 'access.jsonl.gz')));
    expect(log.equals(gunzipSync(sample('access.jsonl.gz')))).toBe(true);
  });

  it.each([
    [
      'a folder that is a file',
      ['--out', temp.write('file', 'x')],
      /^error: .*\/file: cannot be written \(EEXIST\)\n$/m,
    ],
    [
      'a seed that is no whole number',
      ['--seed', '1.5'],
      /^error: option '--seed <number>' argument '1\.5' is invalid\. Expected a whole number\.$/m,
    ],
    [
      'a quota of nothing',
      ['--quota-rps', '0'],
      /^error: option '--quota-rps <number>' argument '0' is invalid\./m,
    ],
    [
      'a day that does not exist',
      ['--day', '2026-02-30'],
      /^error: option '--day <date>' argument '2026-02-30' is invalid\./m,
    ],
    ['a name too many', ['extra'], /^error: too many arguments for 'simulate'/m],
  ])('simulate exits with 2 and says why for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(['simulate', ...args]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at |node:internal/m);
  });
});
