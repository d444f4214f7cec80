/**
 * Finds the quote that ends a text, from the place behind the one that begins it. `cut`: the line ends before.
 * `broken`: it may end in two places.
 */
export type FindEnd = (line: string, from: number) => number | 'cut' | 'broken';

/** A number as JSON has it. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** `"error":"$context.error.messageString"`: the variable brings quotes of its own, inside of the format's. */
const QUOTED_TWICE = /^"[^"]*"$/;

/** Ends a text as JSON does: at the first quote that no backslash escapes. */
export function findJsonEnd(line: string, from: number): number | 'cut' {
  for (let quote = line.indexOf('"', from); quote !== -1; quote = line.indexOf('"', quote + 1)) {
    let first = quote;
    while (first > from && line[first - 1] === '\\') first -= 1;
    if ((quote - first) % 2 === 0) return quote;
  }
  return 'cut';
}

/** What a text in quotes says. One whose escapes are none, since nobody made them, says what it looks like. */
export function quotedValue(content: string): string {
  if (QUOTED_TWICE.test(content)) return content.slice(1, -1);
  if (!content.includes('\\')) return content;
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
}

/** What a value without quotes says: a number what JSON makes of it, anything else what it looks like. */
export function bareValue(content: string): string {
  return NUMBER.test(content) ? String(Number(content)) : content;
}
