import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedText, isFixedTextAt } from '#shared/domain/logs/payload/fixed-text.ts';
import { packedText } from '#shared/domain/logs/payload/packed-text.ts';

const ascii = fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\', '~', ' '), maxLength: 30 });

describe('isFixedTextAt()', () => {
  it('isFixedTextAt() finds a text where startsWith() finds it', () => {
    const property = fc.property(ascii, ascii, fc.nat({ max: 30 }), (expected, text, at) => {
      const packed = packedText(Buffer.from(text));

      const isFound = isFixedTextAt(fixedText(expected), packed, at, text.length);

      return isFound === (at <= text.length && text.startsWith(expected, at));
    });

    fc.assert(property, { numRuns: 2_000 });
  });

  it('isFixedTextAt() finds a text in itself, and not with one character changed', () => {
    const property = fc.property(ascii, fc.nat(), (expected, place) => {
      const fixed = fixedText(expected);
      const changed = [...expected].map((character, index) =>
        index === place % expected.length ? 'X' : character,
      );

      const [same, other] = [expected, changed.join('')].map((text) =>
        isFixedTextAt(fixed, packedText(Buffer.from(text)), 0, text.length),
      );
      return same === true && other === (expected === '');
    });

    fc.assert(property, { numRuns: 2_000 });
  });

  it('isFixedTextAt() does not look beyond the end', () => {
    const packed = packedText(Buffer.from('123456789'));

    expect(isFixedTextAt(fixedText('123456789'), packed, 0, 9)).toBe(true);
    expect(isFixedTextAt(fixedText('123456789'), packed, 0, 8)).toBe(false);
  });
});
