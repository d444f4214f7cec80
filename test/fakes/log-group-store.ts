import type { LogGroups } from '#shared/application/ports.ts';
import type { SubscriptionFilter } from '#shared/domain/subscriptions/subscription-filter.ts';

/** One log group; the filters by name. */
export type StoredGroup = {
  readonly logGroupClass?: string;
  readonly filters: Map<string, SubscriptionFilter>;
};

export type LogGroupStore = {
  readonly groups: Map<string, StoredGroup>;
  readonly create: (name: string, logGroupClass?: string) => void;
  /** What the service answers to a filter. */
  readonly put: (name: string, filter: SubscriptionFilter) => 'made' | 'no-group' | 'slots-taken';
  /** The filters of a group by name, sorted; empty for no group. */
  readonly filterNames: (name: string) => string[];
};

/**
 * Log groups and their subscription filters, without a service around them.
 *
 * @param slots - How many filters a group takes
 */
export function createLogGroupStore(slots = 2): LogGroupStore {
  const groups = new Map<string, StoredGroup>();
  return {
    groups,
    create: (name, logGroupClass) =>
      groups.set(name, { ...(logGroupClass !== undefined && { logGroupClass }), filters: new Map() }),
    put: (name, filter) => {
      const filters = groups.get(name)?.filters;
      if (filters === undefined) return 'no-group';
      if (!filters.has(filter.name) && filters.size >= slots) return 'slots-taken';
      filters.set(filter.name, filter);
      return 'made';
    },
    filterNames: (name) => [...(groups.get(name)?.filters.keys() ?? [])].sort(),
  };
}

/** The port over a store in memory; `onCall` hears of every call first, and may throw. */
export function createMemoryLogGroups(
  { groups, put }: LogGroupStore,
  onCall: (call: string) => void = () => {},
): LogGroups {
  return {
    list: async (prefix) => {
      onCall(`list ${prefix}`);
      return [...groups]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { logGroupClass = 'STANDARD' }]) => ({
          name,
          takesFilters: logGroupClass === 'STANDARD',
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    readFilters: async (name) => {
      onCall(`readFilters ${name}`);
      const filters = groups.get(name)?.filters;
      return filters === undefined ? null : [...filters.values()];
    },
    putFilter: async (name, filter) => {
      onCall(`putFilter ${name} ${filter.name}`);
      return put(name, filter);
    },
    deleteFilter: async (name, filterName) => {
      onCall(`deleteFilter ${name} ${filterName}`);
      groups.get(name)?.filters.delete(filterName);
    },
  };
}
