import { describe, expect, it } from 'vitest';
import { judge } from '#test/gates/project.ts';

describe.concurrent('TypeScript', () => {
  it('TypeScript passes the good project', async () => {
    expect(await judge('tsc')).toEqual({ code: 0, output: '' });
  });

  it('TypeScript fails on every kind of mistake that it is set up for, each in its own line', async () => {
    const mistakes = [
      ['an unchecked index access', 'export const first = (list: string[]): string => list[0];', 'TS2322'],
      [
        'an unused local',
        'export function add(): number {\\n  const unused = 1;\\n  return 2;\\n}',
        'TS6133',
      ],
      ['an unused parameter', 'export const add = (unused: number): number => 1;', 'TS6133'],
      ['an implicit any', 'export const add = (value) => value;', 'TS7006'],
      [
        'an optional property that is undefined',
        'export const options: { size?: number } = { size: undefined };',
        'TS2375',
      ],
      [
        'a property of an index signature',
        'export const read = (all: Record<string, string>): unknown => all.name;',
        'TS4111',
      ],
      ['an enumeration', 'export enum Color { Red }', 'TS1294'],
      [
        'an import of a type as a value',
        "import { PathLike } from 'node:fs';\\nexport type Same = PathLike;",
        'TS1484',
      ],
    ] as const;
    const fileOf = (index: number): string => `shared/domain/bad-${index}.ts`;
    const files = Object.fromEntries(
      mistakes.map(([, text], index) => [fileOf(index), `${text.replaceAll('\\n', '\n')}\n`]),
    );

    const { code, output } = await judge('tsc', files);

    const found = mistakes.map(([what, , rule], index) => ({
      what,
      rule,
      isFound: output
        .split('\n')
        .some((line) => line.startsWith(fileOf(index)) && line.includes(`error ${rule}: `)),
    }));
    expect(code).toBeGreaterThan(0);
    expect(found.filter(({ isFound }) => !isFound)).toEqual([]);
  });
});
