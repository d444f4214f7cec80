import { type FieldSpelling, MAX_DEPTH, spellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { type FixedText, fixedText, isFixedTextAt } from '#shared/domain/logs/payload/fixed-text.ts';
import type { PackedText } from '#shared/domain/logs/payload/packed-text.ts';

/**
 * The fixed text of a JSON access-log format. API Gateway fills values into one format per stage, so all lines of a
 * stage share everything but their values, and can be read without parsing each as JSON.
 */
export type LineTemplate = {
  /** What stands before, between and after the values. */
  readonly fixed: readonly FixedText[];
  /** Which values are read. */
  readonly captures: readonly Capture[];
};

/** How the quotes of a line stand in a text: as they are, or escaped, where the line is inside a JSON string. */
export type Quote = '"' | '\\"';

/** A fact, how good the spelling is that names it, and the place of its value in the line. */
export type Capture = FieldSpelling & { readonly value: number };

const QUOTE_BYTE = 0x22;
const BACKSLASH_BYTE = 0x5c;
const LAST_CONTROL_BYTE = 0x1f;

/** What stands outside of quotes in a line of objects with text values only. */
const PUNCTUATION = /^[\s{}:,]*$/;

/** A format has at most 3 KB. Anything much longer is hostile, and too long for a template. */
const MAX_LEARNED_LENGTH = 16_384;

/** Follows the braces outside of quotes, so that a nested key gets its path. */
function createPath(): (fixed: string, key: string) => string {
  const open: string[] = [];
  let lastKey = '';
  return (fixed, key) => {
    for (const character of fixed) {
      if (character === '{') open.push(lastKey);
      else if (character === '}') open.pop();
    }
    lastKey = key;
    return open.length > MAX_DEPTH ? '' : [...open.slice(1), key].join('.');
  };
}

/** A text in quotes, with the fixed text before it. */
type Quoted = { readonly fixed: string; readonly text: string };

/** Parts at even places are outside of quotes, those at odd places are keys or values. */
function pairs(parts: readonly string[]): Quoted[] {
  const quoted: Quoted[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    quoted.push({ fixed: parts[index] ?? '', text: parts[index + 1] ?? '' });
  }
  return quoted;
}

/** Fixed texts, and the spellings of the values between them; `null` for a value that is not read. */
type LineParts = { readonly fixed: string[]; readonly spellings: (FieldSpelling | null)[] };

function takeApart(quoted: readonly Quoted[], end: string): LineParts {
  const pathOf = createPath();
  const parts: LineParts = { fixed: [], spellings: [] };
  let text = '';
  let name: string | null = null;
  for (const { fixed, text: inQuotes } of quoted) {
    text += `${fixed}"`;
    if (fixed.trim() !== ':' || name === null) {
      name = pathOf(fixed, inQuotes);
      text += `${inQuotes}"`;
      continue;
    }
    parts.fixed.push(text);
    parts.spellings.push(spellingOf(name));
    text = '"';
    name = null;
  }
  parts.fixed.push(text + end);
  return parts;
}

/**
 * Learns the format of a line that is valid JSON.
 *
 * @param quote - How quotes stand in the texts in which lines will be read by the template
 * @returns `null` for a line with escapes, arrays, values without quotes, or two keys for one fact: those have to be
 *   read as JSON
 */
export function learnTemplate(line: string, quote: Quote): LineTemplate | null {
  if (line.length > MAX_LEARNED_LENGTH || line.includes('\\')) return null;
  const split = line.split('"');
  const quoted = pairs(split);
  const end = split.at(-1) ?? '';
  // The end counts as well: a value without quotes may be the last one.
  if (![...quoted.map(({ fixed }) => fixed), end].every((fixed) => PUNCTUATION.test(fixed))) return null;
  const { fixed, spellings } = takeApart(quoted, end);
  const captures = spellings.flatMap((spelling, value) =>
    spelling === null ? [] : [{ ...spelling, value }],
  );
  if (new Set(captures.map(({ field, rank }) => `${field} ${rank}`)).size < captures.length) return null;
  return { fixed: fixed.map((text) => fixedText(text.replaceAll('"', quote))), captures };
}

/** Room for begin and end of each value of a line. */
export function createBounds({ fixed }: LineTemplate): Int32Array {
  return new Int32Array(2 * (fixed.length - 1));
}

/** A value ends at a quote, at an escape, and at a control character, which is not valid JSON. */
function findValueEnd({ bytes }: PackedText, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte <= LAST_CONTROL_BYTE || byte === QUOTE_BYTE || byte === BACKSLASH_BYTE) break;
    at += 1;
  }
  return at;
}

/**
 * Finds the values of a line by the format of an earlier one. Where a value ends does not depend on what follows it, so
 * there is only one way to match, and nothing is looked at twice.
 *
 * @param bounds - Takes begin and end of each value, in their order; of {@link createBounds}
 * @returns False if the text from `start` to before `end` does not have exactly this format; then it has to be parsed
 */
export function matchTemplate(
  { fixed }: LineTemplate,
  text: PackedText,
  start: number,
  end: number,
  bounds: Int32Array,
): boolean {
  let at = start;
  for (let index = 0; index < fixed.length; index += 1) {
    const expected = fixed[index];
    if (expected === undefined || !isFixedTextAt(expected, text, at, end)) return false;
    at += expected.bytes.length;
    if (index === fixed.length - 1) break;
    bounds[2 * index] = at;
    at = findValueEnd(text, at);
    bounds[2 * index + 1] = at;
  }
  return at === end;
}
