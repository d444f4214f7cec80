/**
 * The command to run next, which is about the same account as this one.
 *
 * @param given - The options that said what this run is about
 */
export function setupCommand(given: readonly string[], ...options: readonly string[]): string {
  return ['gatewatch setup', ...options, ...given].join(' ');
}
