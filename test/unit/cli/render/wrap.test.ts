import { describe, expect, it } from 'vitest';
import { hang, wrap } from '#cli/render/wrap.ts';

describe('wrap()', () => {
  it.each([
    ['short', 20, ['short']],
    ['one two three', 7, ['one two', 'three']],
    ['a-very-long-name of', 5, ['a-very-long-name', 'of']],
    ['', 5, ['']],
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
