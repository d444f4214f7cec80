/**
 * Looks whether a receiver could be told something, without telling it.
 *
 * @returns Why not, in words that hold no secret; `null` if it could
 */
export type CheckReceiver = () => Promise<string | null>;

/** Says which receivers could not be told anything, and why. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError';
}

/**
 * Checks all receivers before there is an incident to tell them. Only if all are well there is a heartbeat, so that a
 * dispatcher that does not run is as silent as one that nobody hears.
 *
 * @returns A use case that throws {@link ReceiverError} with all that is wrong
 */
export function createCheckReceivers(
  checks: Readonly<Record<string, CheckReceiver>>,
  recordHeartbeat: () => void,
): () => Promise<void> {
  return async () => {
    const problems = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const problem = await check();
        return problem === null ? [] : [`${name}: ${problem}`];
      }),
    );
    if (problems.flat().length > 0) throw new ReceiverError(problems.flat().join('; '));
    recordHeartbeat();
  };
}
