import type { LogGroups, ReadInventory } from '#shared/application/ports.ts';
import { filterNameFor, noLongerWatched } from '#shared/domain/subscriptions/wanted-subscriptions.ts';

type Dependencies = {
  readonly readInventory: ReadInventory;
  readonly logGroups: LogGroups;
  readonly stackName: string;
};

/**
 * Takes a stack's subscription filters from the log groups of all known stages, so that nothing is left behind that
 * points to functions which are gone. It can be repeated.
 *
 * @returns A use case that tells of how many log groups it asked for that; it throws an AggregateError if some did
 *   not let it, after all the others
 */
export function createUnsubscribeLogGroups({ readInventory, logGroups, stackName }: Dependencies) {
  return async (): Promise<number> => {
    // Most groups that a stage could write to do not exist; to ask for each of them would take too long.
    const existing = new Set((await logGroups.list('')).map(({ name }) => name));
    const watched = noLongerWatched(await readInventory(), []);
    const groups = watched.filter(({ group }) => existing.has(group));
    const errors: Error[] = [];
    for (const { group, logs } of groups) {
      try {
        await logGroups.deleteFilter(group, filterNameFor(logs, stackName));
      } catch (cause) {
        errors.push(new Error(`Cannot unsubscribe log group ${group}`, { cause }));
      }
    }
    if (errors.length === 0) return groups.length;
    throw new AggregateError(errors, `${errors.length} of ${groups.length} filters could not be deleted`);
  };
}
