import {
  type AccessLogFields,
  type FieldSpelling,
  isAbsent,
  MAX_DEPTH,
  spellingOf,
} from '#shared/domain/logs/access-log-fields.ts';

/**
 * The fixed text of a JSON access-log format. API Gateway fills values into one format per stage, so all lines of a
 * stage share everything but their values, and can be read without parsing each as JSON.
 */
export type LineTemplate = {
  /** Matches a whole line of the format; captures the values that are read. */
  readonly pattern: RegExp;
  /** What the captures are, the best spelling of a fact last. */
  readonly captures: readonly Capture[];
};

type Capture = FieldSpelling & { readonly index: number };

const QUOTE = '"';

/** What stands outside of quotes in a line of objects with text values only. */
const PUNCTUATION = /^[\s{}:,]*$/;

/**
 * A value: no quote, and no escape, with which a quote would not end it. So there is only one way to match. Control
 * characters are not valid JSON, however the line before was read.
 */
const VALUE = '[^"\\\\\\x00-\\x1f]*';

/** A format has at most 3 KB. Anything much longer is hostile, and too long for a pattern. */
const MAX_LEARNED_LENGTH = 16_384;

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

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

/**
 * Learns the format of a line that is valid JSON.
 *
 * @returns `null` for a line with escapes, arrays, values without quotes, or two keys for one fact: those have to be
 *   read as JSON
 */
export function learnTemplate(line: string): LineTemplate | null {
  if (line.length > MAX_LEARNED_LENGTH || line.includes('\\')) return null;
  const parts = line.split(QUOTE);
  const quoted = pairs(parts);
  const end = parts.at(-1) ?? '';
  // The end counts as well: a value without quotes may be the last one.
  if (![...quoted.map(({ fixed }) => fixed), end].every((fixed) => PUNCTUATION.test(fixed))) return null;
  const pathOf = createPath();
  const captures: Capture[] = [];
  let pattern = '';
  let name: string | null = null;
  for (const { fixed, text } of quoted) {
    pattern += escapePattern(fixed);
    if (fixed.trim() !== ':' || name === null) {
      name = pathOf(fixed, text);
      pattern += escapePattern(`"${text}"`);
      continue;
    }
    const spelling = spellingOf(name);
    if (spelling !== null) captures.push({ ...spelling, index: captures.length + 1 });
    pattern += spelling === null ? `"${VALUE}"` : `"(${VALUE})"`;
    name = null;
  }
  if (new Set(captures.map(({ field, rank }) => `${field} ${rank}`)).size < captures.length) return null;
  captures.sort((a, b) => b.rank - a.rank);
  return { pattern: new RegExp(`^${pattern}${escapePattern(end)}$`), captures };
}

/**
 * Reads a line by the format of an earlier one.
 *
 * @returns `null` if the line does not have exactly this format; then it has to be parsed
 */
export function readByTemplate({ pattern, captures }: LineTemplate, line: string): AccessLogFields | null {
  const values = pattern.exec(line);
  if (values === null) return null;
  const fields: AccessLogFields = {};
  for (const { field, index } of captures) {
    const text = (values[index] ?? '').trim();
    if (!isAbsent(text)) fields[field] = text;
  }
  return fields;
}
