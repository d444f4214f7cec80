/** Names are case-sensitive; after the last one a full stop is text. */
const VARIABLE = /\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)/g;

/** The variables of a format, without `$context.`, each once. */
export function variablesOf(format: string): string[] {
  return [...new Set([...format.matchAll(VARIABLE)].map(([, variable = '']) => variable))];
}

/**
 * Fills a format in, as API Gateway does for every request: by text, with no regard to quotes.
 *
 * @param valueFor - The value of a variable, named without `$context.`
 */
export function renderFormat(format: string, valueFor: (variable: string) => string): string {
  return format.replace(VARIABLE, (_, variable: string) => valueFor(variable));
}
