import { describe, expect, it } from 'vitest';
import { type Files, judge } from '#test/gates/project.ts';

describe.concurrent('knip', () => {
  it('knip passes the good project', async () => {
    const { code, output } = await judge('knip');

    expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining('Unused') });
  });

  it.each<[string, Files, string, RegExp]>([
    [
      'an unused export',
      { 'functions/other/environment.ts': `export const NAME = 'other';\n\nexport const SPARE = 1;\n` },
      'Unused exports (1)',
      /^SPARE +functions\/other\/environment\.ts:3:14/m,
    ],
    [
      'an unused file',
      { 'shared/domain/spare.ts': `export const SPARE = 1;\n` },
      'Unused files (1)',
      /^shared\/domain\/spare\.ts/m,
    ],
    [
      'an import of a package that is not listed',
      {
        'functions/other/environment.ts': `import { parse } from 'valibot';\n\nexport const NAME = parse.name;\n`,
      },
      'Unlisted dependencies (1)',
      /^valibot +functions\/other\/environment\.ts/m,
    ],
  ])('knip fails on %s', async (_, files, heading, entry) => {
    const { code, output } = await judge('knip', files);

    expect(code).toBeGreaterThan(0);
    expect(output).toContain(heading);
    expect(output).toMatch(entry);
  });

  it('knip fails on an unused dependency', async () => {
    const addDependency = (manifest: string): string =>
      manifest.replace('"dependencies": {', '"dependencies": {\n    "valibot": "*",');

    const { code, output } = await judge('knip', { 'package.json': addDependency });

    expect(code).toBeGreaterThan(0);
    expect(output).toContain('Unused dependencies (1)');
    expect(output).toMatch(/^valibot +package\.json/m);
  });
});
