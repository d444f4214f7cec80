import { stripVTControlCharacters } from 'node:util';

const NO_BREAK = '\u00a0';

/**
 * Breaks text at spaces into lines of at most `columns` characters. A word that is longer, such as the name of a log
 * group, stays whole; a number stays with its percent sign.
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replaceAll(' %', `${NO_BREAK}%`).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((broken) => broken.replaceAll(`${NO_BREAK}%`, ' %'));
}

/** Text under a heading of its own width: the later lines are indented as far as the first. */
export function hang(head: string, text: string, columns: number): string[] {
  const lines = wrap(text, Math.max(20, columns - head.length));
  return lines.map((line, index) => (index === 0 ? head : ' '.repeat(head.length)) + line);
}

/**
 * Parts one after the other under a heading of its own width: a line is broken between parts, and within one only where
 * it is longer than a line. Colours in a part take no room.
 *
 * @param separator - What stands between two parts of one line, and at the end of one that goes on
 */
export function hangParts(
  head: string,
  parts: readonly string[],
  separator: string,
  columns: number,
): string[] {
  const atEnd = separator.trimEnd();
  const room = Math.max(20, columns - head.length - atEnd.length);
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const joined = line === '' ? part : `${line}${separator}${part}`;
    if (stripVTControlCharacters(joined).length <= room) line = joined;
    else {
      if (line !== '') lines.push(`${line}${atEnd}`);
      const broken = stripVTControlCharacters(part).length <= room ? [part] : wrap(part, room);
      lines.push(...broken.slice(0, -1));
      line = broken.at(-1) ?? '';
    }
  }
  if (line !== '') lines.push(line);
  return lines.map((text, index) => (index === 0 ? head : ' '.repeat(head.length)) + text);
}
