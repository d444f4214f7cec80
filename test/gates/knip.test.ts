import { describe, expect, it } from 'vitest';
import { type Files, judge } from '#test/gates/project.ts';

const PACKAGE = 'package.json';

/** Adds a dependency to the good project, which gets it from nowhere. */
function withDependency(kind: 'dependencies' | 'devDependencies', name: string): (text: string) => string {
  return (text) => text.replace(`"${kind}": {`, `"${kind}": {\n    "${name}": "*",`);
}

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
      'an unused exported type',
      {
        'shared/domain/rate.ts': `export type Spare = { readonly a: 1 };\n\nexport function rateOf(count: number, seconds: number): number {\n  return count / seconds;\n}\n`,
      },
      'Unused exported types (1)',
      /^Spare +type +shared\/domain\/rate\.ts:1:13/m,
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

  it.each([
    ['dependency', 'dependencies', 'valibot', 'Unused dependencies (1)'],
    ['development dependency', 'devDependencies', 'fast-check', 'Unused devDependencies (1)'],
  ] as const)('knip fails on an unused %s', async (_, kind, name, heading) => {
    const { code, output } = await judge('knip', { [PACKAGE]: withDependency(kind, name) });

    expect(code).toBeGreaterThan(0);
    expect(output).toContain(heading);
    expect(output).toMatch(new RegExp(`^${name} +package\\.json`, 'm'));
  });
});
