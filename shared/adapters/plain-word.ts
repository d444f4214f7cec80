/** A word such as `invalid_blocks`, `ECONNRESET` or `KMSDisabledException`: too plain to be, or to hold, an address or a token. */
const WORD = /^[A-Za-z_]{1,60}$/;

/** @returns The text if it is a plain word, which may be repeated anywhere; `null` for everything else */
export function toPlainWord(text: unknown): string | null {
  return typeof text === 'string' && WORD.test(text) ? text : null;
}

/** The name of an error, if it is a plain word. */
export function errorWord(error: unknown): string {
  return toPlainWord((error as { readonly name?: unknown } | null)?.name) ?? 'Error';
}
