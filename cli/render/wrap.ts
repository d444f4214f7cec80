/**
 * Breaks text at spaces into lines of at most `columns` characters. A word that is longer, such as the name of a log
 * group, stays whole.
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Text under a heading of its own width: the later lines are indented as far as the first. */
export function hang(head: string, text: string, columns: number): string[] {
  const lines = wrap(text, Math.max(20, columns - head.length));
  return lines.map((line, index) => (index === 0 ? head : ' '.repeat(head.length)) + line);
}
