import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { calmLines } from '#test/fakes/access-log-lines.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { type CliRun, replayJson, runCli } from '#test/integration/run-cli.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

const LINES = calmLines(5_000);
const PACKED = gzipSync(LINES.join('\n'));

function damaged(at: number): Buffer {
  const bytes = Buffer.from(PACKED);
  bytes.fill(0xff, at, at + 20);
  return bytes;
}

const good = temp.write('good.log', LINES.join('\n'));
const binary = temp.write('image.log', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]));
const cut = temp.write('cut.log.gz', PACKED.subarray(0, PACKED.length / 2));
const broken = temp.write('broken.log.gz', damaged(PACKED.length / 2));
const missing = join(temp.path, 'missing.log');
const noLogs = join(temp.path, 'no-logs');
mkdirSync(noLogs);

/** What nobody should ever see, whatever the input. */
function expectNoStackTrace({ stdout, stderr }: CliRun): void {
  expect(stdout + stderr).not.toMatch(/^\s+at |node:internal|file:\/\/|Error:|Unsettled|Warning:/m);
}

function firstErrorLine({ stderr }: CliRun): string {
  return stderr.split('\n')[0] ?? '';
}

describe.concurrent('gatewatch replay with input that cannot be read', () => {
  it.each([
    ['a missing file', [missing], `error: ${missing}: no such file or folder`],
    [
      'a folder without logs',
      [noLogs],
      `error: ${noLogs}: no log files in this folder (looked for .log, .jsonl, .ndjson, .txt and .gz)`,
    ],
    ['a missing file beside a good one', [good, missing], `error: ${missing}: no such file or folder`],
    ['an unknown option', [good, '--jsno'], "error: unknown option '--jsno'"],
    ['an unknown command', null, "error: unknown command 'replya'"],
    [
      'a number that is none',
      [good, '--quota-rps', 'many'],
      "error: option '--quota-rps <number>' argument 'many' is invalid. Expected a number above 0.",
    ],
    [
      'a share above 1',
      [good, '--target', '99.9'],
      "error: option '--target <ratio>' argument '99.9' is invalid. Expected a number between 0 and 1, such as 0.999.",
    ],
    [
      'a day that does not exist',
      [good, '--since', '2026-02-31'],
      "error: option '--since <time>' argument '2026-02-31' is invalid. Expected an ISO 8601 time, such as 2026-06-15T14:00Z, or how long ago, such as 15m, 1h or 7d.",
    ],
    [
      'a severity that does not exist',
      [good, '--fail-on', 'bad'],
      "error: option '--fail-on <severity>' argument 'bad' is invalid. Allowed choices are warning, critical.",
    ],
    [
      'an option without its value',
      [good, '--inventory'],
      "error: option '--inventory <file>' argument missing",
    ],
    [
      '--post without an address',
      [good, '--post'],
      'error: --post needs the address of an incoming webhook in SLACK_WEBHOOK_URL',
    ],
  ])('replay exits with 2, says why and prints no report for %s', async (_, args, message) => {
    const run = await runCli(args === null ? ['replya'] : ['replay', ...args]);

    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(firstErrorLine(run)).toBe(message);
    expectNoStackTrace(run);
  });

  it.each([
    ['a binary file', binary, 'is binary, not a text log', 0],
    ['a cut gzip', cut, /^the gzip file ends early, after line (\d+)$/, null],
    ['a damaged gzip', broken, /^the gzip file is damaged after line (\d+)$/, null],
  ])(
    'replay exits with 2 and names file and line for %s, after a report of what was good',
    async (_, file, why, lines) => {
      const run = await replayJson([file, good]);

      const [message = '', ...others] = run.stderr.trimEnd().split('\n');
      expect(run.code).toBe(2);
      expect(others).toEqual([]);
      expect(message.startsWith(`error: ${file}: `)).toBe(true);
      const reason = message.slice(`error: ${file}: `.length);
      const lastLine = typeof why === 'string' ? lines : Number(why.exec(reason)?.[1]);
      expect(reason).toMatch(why);
      expect(run.report.input.unreadable).toEqual([`${file}: ${reason}`]);
      expect(run.report.input.files).toEqual([
        { name: file, lines: lastLine },
        { name: good, lines: LINES.length },
      ]);
      expectNoStackTrace(run);
    },
  );

  it.each([
    ['cut', cut],
    ['damaged', broken],
  ])('replay counts the lines before the place where a gzip file is %s', async (_, file) => {
    const { report } = await replayJson([file]);

    expect(report.requests.total).toBeGreaterThan(1_000);
    expect(report.requests.total).toBeLessThan(LINES.length);
    const rejected = Object.values(report.input.rejected).reduce((sum, count) => sum + count, 0);
    expect(report.requests.total + rejected).toBe(report.input.linesRead);
  });
});
