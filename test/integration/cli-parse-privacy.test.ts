import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretAccessLines, secretExecutionLines, secretRejects } from '#test/fakes/secret-logs.ts';
import { createMarkers, findLeaks } from '#test/fakes/secret-markers.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { type CliRun, runCli } from '#test/integration/run-cli.ts';

const WRITER = { apiId: 'a1b2c3', stage: 'prod' };
const TIME_MS = Date.UTC(2026, 2, 2, 10);

/** What parse is asked for: ids, and what the client called, or what a format calls a route. */
const TOLD_ON_PURPOSE = /path|resource|route|uri|execution request id|not authorized because method/i;

const temp = makeTempFolder();
afterAll(temp.remove);

const markers = createMarkers();
let run: CliRun;

beforeAll(async () => {
  const lines = [
    ...secretAccessLines(WRITER, TIME_MS, markers.mark),
    ...secretRejects(WRITER, TIME_MS, markers.mark),
    ...secretExecutionLines(markers.mark),
  ];
  run = await runCli(['parse', temp.write('secrets.log', lines.join('\n'))]);
});

describe('what gatewatch parse prints of secrets', () => {
  it('parse prints of all fields and lines with secrets only ids, paths and routes', () => {
    const leaks = findLeaks({ stdout: run.stdout }, markers.cores);

    expect(leaks.filter((leak) => !TOLD_ON_PURPOSE.test(leak))).toEqual([]);
    // Else nothing was looked at.
    expect(leaks).toContain('stdout: access path #0');
    expect(run.stdout).toContain('"errorMessage":"User: …');
  });

  it('parse says nothing on standard error that lines say', () => {
    expect(findLeaks({ stderr: run.stderr }, markers.cores)).toEqual([]);
    expect(run.stderr).toContain('not-json');
  });
});
