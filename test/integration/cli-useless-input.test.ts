import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { calmLines } from '#test/fakes/access-log-lines.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { replayJson, runCli } from '#test/integration/run-cli.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

const LINES = calmLines(5_000);
const FIVE_MEGABYTES = 'x'.repeat(5 * 1_048_576);

const empty = temp.write('empty.log', '');
const emptyGzip = temp.write('empty.log.gz', gzipSync(''));
const blank = temp.write('blank.log', '\n\r\n  \n');
const text = temp.write('notes.txt', '\n2026-03-02 10:00:00 GET /orders 200\n');
const otherJson = temp.write('other.jsonl', '{"level":"info","msg":"started"}\n');

describe.concurrent('gatewatch replay with input that holds nothing', () => {
  it.each([
    ['an empty file', empty],
    ['an empty gzip file', emptyGzip],
    ['a file of blank lines', blank],
  ])('replay warns of %s by name', async (_, file) => {
    const run = await replayJson([file]);

    expect(run).toMatchObject({ code: 0, stderr: `warning: ${file} has no lines\n` });
    expect(run.report).toMatchObject({ input: { linesRead: 0 }, range: null, requests: { total: 0 } });
  });

  it('replay warns of empty standard input', async () => {
    expect(await replayJson(['-'])).toMatchObject({ code: 0, stderr: 'warning: - has no lines\n' });
  });

  it('replay warns of an empty file whose name is the beginning of one that cannot be read', async () => {
    const longer = temp.write('empty.log.bin', Buffer.alloc(10));

    const { code, stderr } = await replayJson([empty, longer]);

    expect(code).toBe(2);
    expect(stderr).toBe(`error: ${longer}: is binary, not a text log\nwarning: ${empty} has no lines\n`);
  });

  it.each([
    ['text', text, 'unknown-format', 2],
    ['JSON of something else', otherJson, 'not-access-log', 1],
  ])('replay names file, line and reason where all of a file is %s', async (_, file, reason, line) => {
    const run = await replayJson([file]);

    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^warning: none of the lines is an access-log line that Gatewatch can read/);
    expect(run.stderr).toContain(`${file}:${line} is ${reason}`);
    expect(run.report.input).toMatchObject({
      rejected: { [reason]: 1 },
      firstRejects: [{ reason, file, line }],
    });
  });

  it('replay counts a line of 5 MB as too long, names it, and reads those around it', async () => {
    const file = temp.write('long.log', [LINES[0], LINES[1], FIVE_MEGABYTES, LINES[2]].join('\n'));

    const { code, stderr, report } = await replayJson([file]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.input).toMatchObject({
      linesRead: 4,
      rejected: { 'too-long': 1 },
      firstRejects: [{ reason: 'too-long', file, line: 3 }],
    });
    expect(report.requests.total).toBe(3);
  });

  it('replay without --json prints the first rejected line by file and line', async () => {
    const file = temp.write('mixed.log', [LINES[0], '{"cut":', LINES[1], '{"cut":'].join('\n'));

    const { code, stdout } = await runCli(['replay', file]);

    expect(code).toBe(0);
    expect(stdout).toContain(`rejected  2 not-json, first ${file}:2\n`);
  });

  it('replay needs no more envelopes for a log whose every second line is no access-log line', async () => {
    const file = temp.write('every-second.log', LINES.join('\nplain text\n'));

    const { report } = await replayJson([file]);

    expect(report.requests.total).toBe(LINES.length);
    expect(report.input.envelopes).toBeLessThan(10);
  });
});
