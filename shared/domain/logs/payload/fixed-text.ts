import { type PackedText, packedText } from '#shared/domain/logs/payload/packed-text.ts';

/** A text to be looked for, as bytes; one of eight or more is cut into words of eight, which are compared at once. */
export type FixedText = {
  readonly bytes: Uint8Array;
  /**
   * As doubles, the only numbers of eight bytes that compare without a price; the last one overlaps the one before it.
   * Bytes that make no number, which ASCII does not, equal nothing: a text with such is never found.
   */
  readonly words: Float64Array;
};

const WORD_BYTES = 8;

const utf8 = new TextEncoder();

/** Prepares a text. */
export function fixedText(text: string): FixedText {
  const bytes = utf8.encode(text);
  const { view } = packedText(bytes);
  const words: number[] = [];
  for (let offset = 0; bytes.length >= WORD_BYTES && offset < bytes.length; offset += WORD_BYTES) {
    words.push(view.getFloat64(Math.min(offset, bytes.length - WORD_BYTES), true));
  }
  return { bytes, words: Float64Array.from(words) };
}

function areBytesAt(expected: Uint8Array, { bytes }: PackedText, at: number): boolean {
  for (let index = 0; index < expected.length; index += 1) {
    if (bytes[at + index] !== expected[index]) return false;
  }
  return true;
}

/** True if the text stands at a place of another one, and ends before `end`. */
export function isFixedTextAt(
  { bytes, words }: FixedText,
  text: PackedText,
  at: number,
  end: number,
): boolean {
  const { length } = bytes;
  if (at + length > end) return false;
  const last = words.length - 1;
  if (last < 0) return areBytesAt(bytes, text, at);
  const { view } = text;
  for (let index = 0; index < last; index += 1) {
    if (view.getFloat64(at + WORD_BYTES * index, true) !== words[index]) return false;
  }
  return view.getFloat64(at + length - WORD_BYTES, true) === words[last];
}
