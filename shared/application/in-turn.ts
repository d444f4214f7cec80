/**
 * Runs steps one after the other. A step that fails does not keep the others from running.
 *
 * @throws {unknown} The error of the only step that failed; an AggregateError if several did
 */
export async function inTurn(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} of ${steps.length} steps failed`);
  if (errors.length === 1) throw errors[0];
}
