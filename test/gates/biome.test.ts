import { describe, expect, it } from 'vitest';
import { type Files, judge } from '#test/gates/project.ts';

function lines(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${text(index)}\n`).join('');
}

/** A function whose body has so many lines. */
function functionOf(bodyLines: number): string {
  const body = lines(bodyLines - 2, (index) => `  sum += ${index};`);
  return `export function add(): number {\n  let sum = 0;\n${body}  return sum;\n}\n`;
}

describe.concurrent('Biome', () => {
  it('Biome passes the good project', async () => {
    expect(await judge('biome')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Checked \d+ files/),
    });
  });

  it('Biome passes a function of 40 lines', async () => {
    expect(await judge('biome', { 'shared/domain/add.ts': functionOf(40) })).toMatchObject({ code: 0 });
  });

  it('Biome passes console in a test', async () => {
    const files: Files = { 'test/unit/log.ts': `console.warn('absent');\n` };

    expect(await judge('biome', files)).toMatchObject({ code: 0 });
  });

  it.each([
    [
      'a floating promise',
      'shared/adapters/bad.ts',
      `async function send(): Promise<void> {}\n\nexport function run(): void {\n  send();\n}\n`,
      'lint/nursery/noFloatingPromises',
    ],
    [
      'a promise where a condition is',
      'shared/adapters/bad.ts',
      `async function isGood(): Promise<boolean> {\n  return true;\n}\n\nexport function run(): number {\n  if (isGood()) return 1;\n  return 2;\n}\n`,
      'lint/nursery/noMisusedPromises',
    ],
    [
      'a function of 41 lines',
      'shared/domain/bad.ts',
      functionOf(41),
      'lint/complexity/noExcessiveLinesPerFunction',
    ],
    [
      'a default export',
      'shared/domain/bad.ts',
      `export default function add(): number {\n  return 1;\n}\n`,
      'lint/style/noDefaultExport',
    ],
    [
      'a barrel',
      'shared/domain/bad.ts',
      `export { rateOf } from './rate.ts';\n`,
      'lint/performance/noBarrelFile',
    ],
    [
      'a barrel of everything',
      'shared/domain/bad.ts',
      `export * from './rate.ts';\n`,
      'lint/performance/noReExportAll',
    ],
    [
      'a global of Node in the domain',
      'shared/domain/bad.ts',
      `export const REGION = process.env['AWS_REGION'];\n`,
      'lint/style/noRestrictedGlobals',
    ],
    ['console in shared/', 'shared/domain/bad.ts', `console.log('here');\n`, 'lint/suspicious/noConsole'],
    [
      'a file name in camel case',
      'shared/domain/rateLimit.ts',
      `export const LIMIT = 1;\n`,
      'lint/style/useFilenamingConvention',
    ],
    [
      'any',
      'shared/domain/bad.ts',
      `export function read(value: any): string {\n  return value.name;\n}\n`,
      'lint/suspicious/noExplicitAny',
    ],
    [
      'a value that is sworn not to be null',
      'shared/domain/bad.ts',
      `export function read(value: string | null): string {\n  return value!;\n}\n`,
      'lint/style/noNonNullAssertion',
    ],
    ['code that is not formatted', 'shared/domain/bad.ts', `export const LIMIT = "1"\n`, 'format'],
    [
      'imports in disorder',
      'cli/bad.ts',
      `import { rateOf } from '#shared/domain/rate.ts';\nimport { join } from 'node:path';\n\nexport const all = [rateOf, join];\n`,
      'assist/source/organizeImports',
    ],
  ])('Biome fails on %s', async (_, name, text, rule) => {
    const { code, output } = await judge('biome', { [name]: text });

    expect(code).toBeGreaterThan(0);
    expect(output).toMatch(new RegExp(`^${name}(:\\d+:\\d+)? ${rule}\\b`, 'm'));
  });
});
