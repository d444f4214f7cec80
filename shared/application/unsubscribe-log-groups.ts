import type { InventoryStore, LogGroups } from '#shared/application/inventory-ports.ts';
import { type Named, named } from '#shared/application/subscription-report.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';
import {
  filterNameFor,
  noLongerWatched,
  type WatchedGroup,
} from '#shared/domain/subscriptions/wanted-subscriptions.ts';

type Dependencies = {
  readonly inventory: Pick<InventoryStore, 'list' | 'remove'>;
  readonly logGroups: LogGroups;
  readonly stackName: string;
};

/** What a removal did. */
export type UnsubscribeReport = {
  /** Filters that it asked for to be gone. */
  readonly logGroups: number;
  /** Keys of the inventory's items that could not be read; filters that only they knew of stay. */
  readonly unreadableItems: Named;
};

/** Takes filters away, each once, however many stages share its group. */
function createTakeFilter(logGroups: LogGroups, stackName: string) {
  const outcomes = new Map<string, boolean>();
  const errors: Error[] = [];
  const failed = new Set<string>();
  const take = async ({ group, logs }: WatchedGroup): Promise<boolean> => {
    const filterName = filterNameFor(logs, stackName);
    const key = `${filterName} ${group}`;
    const known = outcomes.get(key);
    if (known !== undefined) return known;
    try {
      await logGroups.deleteFilter(group, filterName);
      outcomes.set(key, true);
    } catch (cause) {
      errors.push(new Error(`Cannot unsubscribe log group ${group}`, { cause }));
      failed.add(group);
      outcomes.set(key, false);
    }
    return outcomes.get(key) === true;
  };
  return { take, errors, failed, count: () => outcomes.size };
}

/** Most groups that a stage could write to do not exist; to ask for each of them would take too long. */
async function listNames(logGroups: LogGroups): Promise<ReadonlySet<string>> {
  return new Set((await logGroups.list('')).map(({ name }) => name));
}

/**
 * Takes a stack's subscription filters from the log groups of all known stages, so that nothing is left behind that
 * points to functions which are gone. Each stage is forgotten once its filters are gone: a removal that was cut short
 * goes on where it was when it is repeated.
 *
 * @returns A use case that ends early when there is no time left, and throws an AggregateError if some groups did not
 *   let their filter go, after all the others
 */
export function createUnsubscribeLogGroups({ inventory, logGroups, stackName }: Dependencies) {
  return async (hasTime: () => boolean): Promise<UnsubscribeReport> => {
    const { items, unreadableKeys } = await inventory.list();
    const { take, errors, failed, count } = createTakeFilter(logGroups, stackName);
    const existing = items.length === 0 ? new Set<string>() : await listNames(logGroups);
    const unsubscribe = async (item: InventoryItem): Promise<boolean> => {
      let isFree = true;
      for (const watched of noLongerWatched([item], [])) {
        if (existing.has(watched.group)) isFree = (await take(watched)) && isFree;
      }
      return isFree;
    };
    for (const item of items) {
      if (!hasTime()) break;
      if (await unsubscribe(item)) await inventory.remove(stageKey(item));
    }
    if (errors.length === 0) return { logGroups: count(), unreadableItems: named(unreadableKeys) };
    const names = named([...failed]).names.join(', ');
    throw new AggregateError(errors, `${errors.length} of ${count()} filters could not be deleted: ${names}`);
  };
}
