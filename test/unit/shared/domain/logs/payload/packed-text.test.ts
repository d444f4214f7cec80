import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createDecodeName,
  decodeDigits,
  decodeText,
  findDigitsEnd,
  packedText,
} from '#shared/domain/logs/payload/packed-text.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', 'é', '👍', '\u2028', '\u0000'),
  maxLength: 60,
});

describe('decodeText()', () => {
  it('decodeText() returns any part of a text', () => {
    const property = fc.property(text, text, text, (before, part, after) => {
      const start = Buffer.byteLength(before);
      const packed = packedText(Buffer.from(`${before}${part}${after}`));

      return decodeText(packed, start, start + Buffer.byteLength(part)) === part;
    });

    fc.assert(property);
  });

  it('decodeText() puts U+FFFD where bytes are no UTF-8', () => {
    expect(decodeText(packedText(Uint8Array.of(0x61, 0xff, 0x62)), 0, 3)).toBe('a\uFFFDb');
  });
});

describe('createDecodeName()', () => {
  it('createDecodeName() gives what decodeText() gives, whatever was decoded before', () => {
    const property = fc.property(fc.array(text, { maxLength: 40 }), (names) => {
      const decodeName = createDecodeName();

      return [...names, ...names].every((name) => {
        const packed = packedText(Buffer.from(name));
        return decodeName(packed, 0, packed.bytes.length) === name;
      });
    });

    fc.assert(property);
  });
});

describe('createDecodeName() and bytes that look like characters', () => {
  it('createDecodeName() does not take the bytes of one name for the characters of another', () => {
    const decodeName = createDecodeName();
    const decoded = (bytes: Buffer) => decodeName(packedText(bytes), 0, bytes.length);
    // "Ã©" are the two characters whose codes are the two bytes of "é". Some of such names share a slot with theirs.
    const names = Array.from(
      { length: 0x1e * 0x40 * 4 },
      (_, index) =>
        `${String.fromCharCode(0x61 + (index & 3), 0xc2 + (index >> 8), 0x80 + ((index >> 2) & 0x3f))}Ã©`,
    );
    const wrong = names.filter((name) => {
      decoded(Buffer.from(name, 'utf8'));
      return decoded(Buffer.from(name, 'latin1')) === name;
    });

    expect(wrong).toEqual([]);
  });
});

describe('decodeDigits()', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['1780000000000', 1_780_000_000_000],
    ['999999999999999', 999_999_999_999_999],
    ['9999999999999999', null],
    ['', null],
    ['-', null],
    ['007', null],
    ['00', null],
    ['1.5', null],
    ['1e3', null],
    [' 1', null],
    ['1/', null],
    ['1:', null],
  ])('decodeDigits() makes of %j %j', (digits, number) => {
    const packed = packedText(Buffer.from(`1${digits}1`));

    expect(decodeDigits(packed, 1, 1 + digits.length)).toBe(number);
  });
});

describe('findDigitsEnd()', () => {
  it.each([
    ['123"', 3],
    ['"', 0],
    ['123', 3],
    ['', 0],
  ])('findDigitsEnd() of %j is %i', (digits, end) => {
    expect(findDigitsEnd(packedText(Buffer.from(digits)), 0)).toBe(end);
  });
});
