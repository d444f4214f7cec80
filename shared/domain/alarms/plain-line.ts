/** Control characters, line breaks, signs that turn the direction of text, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;

/**
 * Makes one short, printable line of a text that anybody may have written. It is not escaped for where it is shown.
 *
 * @param maxLength - In characters, the ellipsis included
 */
export function plainLine(text: string, maxLength: number): string {
  // Before anything else: a text may be long, and only its beginning is shown.
  const line = text
    .slice(0, 4 * maxLength)
    .replace(UNPRINTABLE, ' ')
    .trim();
  if (line.length <= maxLength && text.length <= 4 * maxLength) return line;
  return `${line.slice(0, maxLength - 1).replace(/\p{Cs}$/u, '')}…`;
}
