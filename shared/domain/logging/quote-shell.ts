/** Makes one word of a POSIX shell, whatever the text is. */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
