import { describe, expect, it } from 'vitest';
import { CAUSE_SLUGS, CAUSES } from '#shared/domain/causes/causes.ts';
import { runCli } from '#test/integration/run-cli.ts';

describe('gatewatch causes', () => {
  it('causes prints meaning and next step of every cause, with the words of the table', async () => {
    const { code, stdout, stderr } = await runCli(['causes'], { env: { COLUMNS: '400' } });

    expect([code, stderr]).toEqual([0, '']);
    for (const slug of CAUSE_SLUGS) {
      expect(stdout).toContain(
        `${slug}\n  means  ${CAUSES[slug].meaning}\n  next   ${CAUSES[slug].nextStep}\n`,
      );
    }
  });

  it('causes --json takes single causes and families, each once', async () => {
    const { code, stdout } = await runCli([
      'causes',
      '--json',
      'integration.timeout',
      'backend',
      'backend.5xx',
    ]);

    const causes = JSON.parse(stdout) as { slug: string }[];
    expect(code).toBe(0);
    expect(causes.map(({ slug }) => slug)).toEqual(['integration.timeout', 'backend.4xx', 'backend.5xx']);
    expect(causes[0]).toEqual({ slug: 'integration.timeout', ...CAUSES['integration.timeout'] });
  });

  it('causes stays within the width of the terminal', async () => {
    const { stdout } = await runCli(['causes'], { env: { COLUMNS: '60' } });

    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('causes exits with 2 for a cause that there is not, and says where to find them', async () => {
    const { code, stdout, stderr } = await runCli(['causes', 'integration.slow']);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'error: integration.slow is no cause; run gatewatch causes without arguments to see all of them\n',
    );
  });
});
