import type { LogGroups } from '#shared/application/inventory-ports.ts';
import type { LogGroupEvent, ReadLogEvents } from '#shared/application/ports.ts';
import type { SubscriptionFilter } from '#shared/domain/subscriptions/subscription-filter.ts';

/** One log group; the filters by name, the events in the order in which they came. */
export type StoredGroup = {
  readonly logGroupClass?: string;
  readonly filters: Map<string, SubscriptionFilter>;
  readonly events: LogGroupEvent[];
};

export type LogGroupStore = {
  readonly groups: Map<string, StoredGroup>;
  readonly create: (name: string, logGroupClass?: string) => void;
  /** Adds events to a group, which is made if it is not there. */
  readonly write: (name: string, events: readonly LogGroupEvent[]) => void;
  /** The events of a group with timestamps from `startMs` to `endMs`, both included, oldest first; `null` for no group. */
  readonly find: (name: string, startMs: number, endMs: number) => LogGroupEvent[] | null;
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
  const create = (name: string, logGroupClass?: string): StoredGroup => {
    const group = {
      ...(logGroupClass !== undefined && { logGroupClass }),
      filters: new Map<string, SubscriptionFilter>(),
      events: [],
    };
    groups.set(name, group);
    return group;
  };
  return {
    groups,
    create,
    write: (name, events) => {
      (groups.get(name) ?? create(name)).events.push(...events);
    },
    find: (name, startMs, endMs) => {
      const { events = null } = groups.get(name) ?? {};
      if (events === null) return null;
      const inRange = events.filter(({ timestamp }) => timestamp >= startMs && timestamp <= endMs);
      return inRange.sort((a, b) => a.timestamp - b.timestamp);
    },
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

/** The port over a store in memory. */
export function createMemoryLogEvents({ find }: LogGroupStore, pageSize = 2): ReadLogEvents {
  return async function* (name, { fromMs, toMs }) {
    const events = find(name, fromMs, toMs - 1);
    if (events === null)
      throw Object.assign(new Error('The specified log group does not exist.'), {
        name: 'ResourceNotFoundException',
      });
    for (let start = 0; start < events.length; start += pageSize) yield events.slice(start, start + pageSize);
  };
}
