/** Bytes of text in UTF-8, and a view of them that reads eight at once. */
export type PackedText = { readonly bytes: Uint8Array; readonly view: DataView };

/** Wraps bytes, without a copy. */
export function packedText(bytes: Uint8Array): PackedText {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Longer texts are cheaper to decode in one go. */
const MAX_SHORT_LENGTH = 40;
const FIRST_NON_ASCII = 0x80;

/** The text from `start` to before `end`. Bytes that are no UTF-8 become U+FFFD. */
export function decodeText({ bytes }: PackedText, start: number, end: number): string {
  if (end - start > MAX_SHORT_LENGTH) return utf8.decode(bytes.subarray(start, end));
  let text = '';
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= FIRST_NON_ASCII) return utf8.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Decodes a text that is likely to have been met before. */
export type DecodeName = (text: PackedText, start: number, end: number) => string;

const NAME_SLOTS = 256;
const MAX_NAME_LENGTH = 32;

function isAt(name: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < name.length; index += 1) {
    if (name.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}

/**
 * Makes a decoder that gives the same string again for a text that it has met lately, instead of making a new one: the
 * lines of an envelope repeat few names thousands of times. It remembers at most {@link NAME_SLOTS} names in ASCII.
 */
export function createDecodeName(): DecodeName {
  const names: string[] = Array.from({ length: NAME_SLOTS }, () => '');
  return (text, start, end) => {
    if (end - start > MAX_NAME_LENGTH) return decodeText(text, start, end);
    const { bytes } = text;
    let hash = 0;
    for (let at = start; at < end; at += 1) hash = (hash * 31 + (bytes[at] ?? 0)) | 0;
    const slot = hash & (NAME_SLOTS - 1);
    const met = names[slot] ?? '';
    if (met.length === end - start && isAt(met, bytes, start)) return met;
    const name = decodeText(text, start, end);
    // A name in ASCII, and no other, has as many characters as bytes, and they are the same.
    if (name.length === end - start) names[slot] = name;
    return name;
  };
}

const ZERO = 0x30;
const NINE = 0x39;
/** More digits than a double holds exactly. */
const MAX_DIGITS = 15;

/**
 * The number that the bytes from `start` to before `end` spell: 1 to 15 digits, of which the first is no zero unless it
 * is the only one; else `null`.
 */
export function decodeDigits({ bytes }: PackedText, start: number, end: number): number | null {
  const length = end - start;
  if (length < 1 || length > MAX_DIGITS || (length > 1 && bytes[start] === ZERO)) return null;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return null;
    value = value * 10 + (byte - ZERO);
  }
  return value;
}

/** The first place from `start` on that holds no digit; the end of the text if all do. */
export function findDigitsEnd({ bytes }: PackedText, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) break;
    at += 1;
  }
  return at;
}
