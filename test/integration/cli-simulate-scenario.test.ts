import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { SCENARIOS } from '#shared/domain/simulation/scenarios/scenarios.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { runCli } from '#test/integration/run-cli.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

function unpacked(...path: string[]): string {
  return gunzipSync(readFileSync(join(...path))).toString('utf8');
}

describe('gatewatch simulate --scenario', () => {
  it('simulate says what is true of the scenario and how to replay it, and that command works', async () => {
    const folder = join(temp.path, 'spike');

    const { code, stdout, stderr } = await runCli(['simulate', '--scenario', 'spike', '--out', folder]);

    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    for (const sentence of SCENARIOS.spike.truth) expect(stderr).toContain(`- ${sentence}\n`);
    const [, command = ''] = /^ {2}gatewatch (replay .*)$/m.exec(stderr) ?? [];
    const replayed = await runCli(command.split(' '));
    expect(replayed.code).toBe(0);
    expect(replayed.stdout).toMatch(/^critical .* burst\.exhausted +Burst bucket ran empty$/m);
    expect(replayed.stdout).toMatch(/^Caused by +partner-api\/v1 /m);
  });

  it('simulate gives the same folder for the same seed, and another log for another', async () => {
    const [first, same, other] = ['first', 'same', 'other'].map((name) => join(temp.path, name));
    const simulate = (folder = '', seed = '3') =>
      runCli(['simulate', '--scenario', 'spike', '--seed', seed, '--out', folder]);

    await Promise.all([simulate(first), simulate(same), simulate(other, '4')]);

    const logOf = (folder = '') => unpacked(folder, 'access.jsonl.gz');
    expect(logOf(same) === logOf(first)).toBe(true);
    expect(logOf(other) === logOf(first)).toBe(false);
    expect(JSON.parse(readFileSync(join(other ?? '', 'sample.json'), 'utf8'))).toMatchObject({
      synthetic: true,
      scenario: 'spike',
      truth: SCENARIOS.spike.truth,
      seed: 4,
      quotaRps: 200,
      quotaBurst: 100,
    });
  });

  it('simulate writes an execution log where a stage has one', async () => {
    const folder = join(temp.path, 'plan');

    const { stderr } = await runCli([
      'simulate',
      ...['--scenario', 'usage-plan', '--quota-rps', '20', '--out', folder],
    ]);

    const files = ['access.jsonl.gz', 'execution.log.gz', 'inventory.json', 'sample.json'];
    expect(readdirSync(folder).sort()).toEqual(files);
    expect(stderr).toContain(
      `Wrote access.jsonl.gz, execution.log.gz, inventory.json and sample.json to ${folder}.`,
    );
    const refused = unpacked(folder, 'access.jsonl.gz').match(/"status":"429"/g)?.length;
    expect(unpacked(folder, 'execution.log.gz').trimEnd().split('\n').length).toBe(refused);
  });

  it('simulate writes the access log to standard output without --out', async () => {
    const folder = join(temp.path, 'piped');
    const args = ['simulate', '--scenario', 'capped', '--quota-rps', '10'];

    const [piped] = await Promise.all([runCli(args), runCli([...args, '--out', folder])]);

    expect(piped.stdout === unpacked(folder, 'access.jsonl.gz')).toBe(true);
    expect(piped.stderr).toBe(
      'Synthetic: made by a random generator with seed 1, not logged by API Gateway.\n',
    );
  });

  it('simulate lists every scenario in its help', async () => {
    const { stdout } = await runCli(['simulate', '--help']);

    for (const [name, { summary }] of Object.entries(SCENARIOS))
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
  });

  it('simulate exits with 2 and names the choices for a scenario that there is not', async () => {
    const { code, stderr } = await runCli(['simulate', '--scenario', 'storm']);

    expect(code).toBe(2);
    expect(stderr).toContain("argument 'storm' is invalid. Allowed choices are day, spike, surge,");
  });
});
