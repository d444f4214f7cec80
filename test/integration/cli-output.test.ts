import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { hourWithOutage } from '#test/fakes/access-log-lines.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { environmentWith, ROOT, runCli } from '#test/integration/run-cli.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

const outage = temp.write('outage.log', hourWithOutage().join('\n'));

const ESCAPE = '\u001b';

const SHELL_TIMEOUT_MS = 30_000;

/** Runs the command line in a shell, behind `gatewatch`. */
async function runShell(script: string): Promise<{ code: number | null; text: string }> {
  const gatewatch = `gatewatch() { "${process.execPath}" --import tsx cli/main.ts "$@"; }; set -o pipefail; `;
  const child = spawn('bash', ['-c', gatewatch + script], {
    cwd: ROOT,
    env: environmentWith(),
    detached: true,
  });
  // All that runs in the shell is in one group, and none of it must outlive the test.
  const timer = setTimeout(() => process.kill(-Number(child.pid)), SHELL_TIMEOUT_MS);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => parts.push(part));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, text: Buffer.concat(parts).toString('utf8') };
}

describe.concurrent('output of gatewatch', () => {
  it.each([
    [
      'the program',
      ['--help'],
      ['Usage: gatewatch', 'replay', 'simulate', 'Examples:\n  $ gatewatch replay'],
    ],
    [
      'replay',
      ['replay', '--help'],
      ['Usage: gatewatch replay', '--fail-on <severity>', 'Exit codes:', 'Examples:\n  $ gatewatch replay'],
    ],
    [
      'simulate',
      ['simulate', '--help'],
      ['Usage: gatewatch simulate', '--day <date>', '2026-06-15)', 'Examples:\n  $ gatewatch simulate'],
    ],
    ['a command that is asked for', ['help', 'replay'], ['Usage: gatewatch replay', 'Examples:']],
  ])('help of %s goes to standard output', async (_, args, texts) => {
    const { code, stdout, stderr } = await runCli(args);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of texts) expect(stdout).toContain(text);
  });

  it('gatewatch without a command exits with 2 and prints its help to standard error', async () => {
    const { code, stdout, stderr } = await runCli([]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: gatewatch');
  });

  it('replay prints its report to standard output and nothing else anywhere', async () => {
    const { code, stdout, stderr } = await runCli(['replay', outage]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`read      3,600 lines of ${outage}: 3,600 requests, 0 rejected\n`);
    for (const heading of ['Stages', 'Headroom', 'Findings (1)', 'Incidents (1)', 'Messages to Slack (2)']) {
      expect(stdout).toContain(`\n${heading}\n`);
    }
  });

  it('replay prints the same for the same log, byte for byte', async () => {
    const runs = await Promise.all([runCli(['replay', outage]), runCli(['replay', outage])]);

    expect(runs[0]).toEqual(runs[1]);
  });

  it.each([
    ['no terminal', {}, false],
    ['NO_COLOR', { NO_COLOR: '1' }, false],
    ['NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
    ['a CI job, which is no terminal', { CI: 'true' }, false],
    ['FORCE_COLOR=1', { FORCE_COLOR: '1' }, true],
  ])('replay decides on colours for %s', async (_, env, hasColors) => {
    const { code, stdout, stderr } = await runCli(['replay', outage], { env });

    expect(code).toBe(0);
    expect((stdout + stderr).includes(ESCAPE)).toBe(hasColors);
  });

  it('replay is as wide as COLUMNS says, and 120 columns without', async () => {
    const widthOf = async (columns: string | undefined): Promise<number> => {
      const { stdout } = await runCli(['replay', outage], { env: { COLUMNS: columns } });
      const rule = stdout.split('\n').find((line) => line.includes('╌╌╌')) ?? '';
      return rule.length;
    };

    expect(await Promise.all([widthOf('80'), widthOf(undefined), widthOf('wide'), widthOf('-1')])).toEqual([
      78, 118, 118, 118,
    ]);
  });

  it('replay --json ends without an error when its reader has seen enough', async () => {
    const { code, text } = await runShell(`gatewatch replay --json "${outage}" | head -1`);

    expect({ code, text }).toEqual({ code: 0, text: '{\n' });
  });

  it('simulate can be piped into replay', async () => {
    const { code, text } = await runShell(
      'gatewatch simulate --quota-rps 2 2>/dev/null | gatewatch replay -',
    );

    expect(code).toBe(0);
    expect(text).toMatch(/^read {6}([\d,]+) lines of standard input: \1 requests, 0 rejected\n/);
  });

  it('simulate stops working when its reader has seen enough', async () => {
    // A day of 500 times as many requests as usual, which would take many minutes.
    const { code, text } = await runShell('gatewatch simulate --quota-rps 10000 2>/dev/null | head -1');

    expect(code).toBe(0);
    expect(JSON.parse(text)).toHaveProperty('status');
  });

  it('replay exits with 2 when its output cannot be written', async () => {
    const readOnly = openSync(outage, 'r');
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'replay', outage], {
      cwd: ROOT,
      env: environmentWith(),
      stdio: ['ignore', readOnly, 'pipe'],
    });
    const parts: Buffer[] = [];
    child.stderr?.on('data', (part: Buffer) => parts.push(part));

    const code = await new Promise((resolve) => child.once('close', resolve));

    closeSync(readOnly);
    expect(code).toBe(2);
    expect(Buffer.concat(parts).toString('utf8')).toBe('error: standard output cannot be written (EBADF)\n');
  });

  it('replay lets no file name reach the terminal as a command', async () => {
    const file = temp.write(`evil${ESCAPE}[2J\u202e.log`, Buffer.alloc(8));

    const { code, stdout, stderr } = await runCli(['replay', file]);

    expect(code).toBe(2);
    expect(stderr).toContain('evil[2J.log: is binary');
    expect(stdout).toContain('evil[2J.log');
    for (const character of [ESCAPE, '\u202e']) expect(stdout + stderr).not.toContain(character);
  });
});
