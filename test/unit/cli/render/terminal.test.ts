import { describe, expect, it } from 'vitest';
import { clean } from '#cli/render/terminal.ts';

describe('clean()', () => {
  it.each([
    ['a colour', '\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['a cursor that moves up and erases', 'ok\u001b[1A\u001b[2Kforged', 'ok[1A[2Kforged'],
    ['a window title', '\u001b]0;title\u0007text', ']0;titletext'],
    ['the 8-bit form of an escape sequence', 'a\u009b31mb', 'a31mb'],
    ['new lines and carriage returns', 'a\r\nERROR forged\nb', 'aERROR forgedb'],
    ['separators of lines and paragraphs', 'a\u2028b\u2029c\u0085d', 'abcd'],
    ['tabs, backspaces, bells and NUL', 'a\tb\bc\u0007d\u0000e\u007ff', 'abcdef'],
    ['overrides and embeddings of direction', 'a\u202ab\u202bc\u202cd\u202de\u202ef', 'abcdef'],
    ['isolates of direction', 'a\u2066b\u2067c\u2068d\u2069e', 'abcde'],
    ['marks of direction', 'a\u200eb\u200fc\u061cd', 'abcd'],
  ])('clean() strips %s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('clean() leaves a text that does nothing but be read', () => {
    const text = ' GET /caf\u00e9/{id} – “$default” שלום ¡€🚪~ ';

    expect(clean(text)).toBe(text);
  });

  it('clean() leaves no control or format character of direction of all that there are', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join('');

    expect(clean(all)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
    expect(clean(all).length).toBeGreaterThan(0x3000 - 100);
  });
});
