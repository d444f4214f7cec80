import { describe, expect, it } from 'vitest';
import { renderSourceNames } from '#cli/render/source-names.ts';

const sourcesOf = (...names: readonly string[]) => names.map((name) => ({ name, lines: 1 }));

describe('renderSourceNames()', () => {
  it('renderSourceNames() names few sources, files before log groups', () => {
    const sources = { files: sourcesOf('a.log', '-'), logGroups: sourcesOf('/aws/orders') };

    expect(renderSourceNames(sources)).toBe('a.log, standard input, /aws/orders');
  });

  it('renderSourceNames() counts many', () => {
    const files = sourcesOf('a.log', 'b.log', 'c.log');

    expect(renderSourceNames({ files, logGroups: sourcesOf('g') })).toBe('3 files and 1 log group');
    expect(renderSourceNames({ files: sourcesOf('a', 'b', 'c', 'd'), logGroups: [] })).toBe('4 files');
    expect(renderSourceNames({ files: [], logGroups: sourcesOf('a', 'b', 'c', 'd') })).toBe('4 log groups');
  });

  it('renderSourceNames() lets no name reach the terminal as a command', () => {
    expect(renderSourceNames({ files: sourcesOf('a\u001b[2J.log'), logGroups: [] })).toBe('a[2J.log');
  });
});
