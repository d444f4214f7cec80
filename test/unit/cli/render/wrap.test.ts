import { describe, expect, it } from 'vitest';
import { hang, hangParts, wrap } from '#cli/render/wrap.ts';

describe('wrap()', () => {
  it.each([
    ['short', 20, ['short']],
    ['one two three', 7, ['one two', 'three']],
    ['a-very-long-name of', 5, ['a-very-long-name', 'of']],
    ['', 5, ['']],
    ['more than 4.1 % of', 13, ['more than', '4.1 % of']],
  ])('wrap() breaks %j at %i columns', (text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines);
  });
});

describe('hang()', () => {
  it('hang() indents what follows the first line', () => {
    expect(hang('leave ', 'there is no room for all of this', 28)).toEqual([
      'leave there is no room for',
      '      all of this',
    ]);
  });

  it('hang() keeps some room however wide the heading is', () => {
    expect(hang('x'.repeat(100), 'a b', 80)).toEqual([`${'x'.repeat(100)}a b`]);
  });
});

describe('hangParts()', () => {
  it('hangParts() breaks lines between parts, and says that a line goes on', () => {
    expect(hangParts('top ', ['first part', 'second part', 'third'], ' · ', 26)).toEqual([
      'top first part ·',
      '    second part · third',
    ]);
  });

  it('hangParts() breaks a part that is longer than a line', () => {
    expect(hangParts('', ['a', 'one two three four five six', 'b'], ' · ', 22)).toEqual([
      'a ·',
      'one two three four',
      'five six · b',
    ]);
  });

  it('hangParts() gives colours no room', () => {
    const red = `\u001b[31m${'x'.repeat(16)}\u001b[39m`;

    expect(hangParts('', [red, 'y'], '  ', 20)).toEqual([`${red}  y`]);
  });

  it('hangParts() has no line for no parts', () => {
    expect(hangParts('top ', [], ' · ', 30)).toEqual([]);
  });
});
