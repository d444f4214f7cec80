/** A pattern that the tests do not understand, so that none passes on a guess. */
export class FilterPatternError extends Error {
  override readonly name = 'FilterPatternError';
}

/**
 * Whether an event passes a filter pattern of CloudWatch Logs: the empty one, which every event passes, or optional
 * phrases `?"one" ?"other"`, of which one must occur, in its case.
 *
 * @throws {FilterPatternError} If the pattern has any other form
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html}
 */
export function matchesFilterPattern(pattern: string, message: string): boolean {
  if (pattern === '') return true;
  if (!/^\?"[^"]+"( \?"[^"]+")*$/.test(pattern))
    throw new FilterPatternError(`Not understood here: ${pattern}`);
  const phrases = [...pattern.matchAll(/\?"([^"]+)"/g)].map(([, phrase = '']) => phrase);
  return phrases.some((phrase) => message.includes(phrase));
}
