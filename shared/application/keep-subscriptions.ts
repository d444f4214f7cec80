import type { LogGroup, LogGroups } from '#shared/application/inventory-ports.ts';
import { named, type SubscriptionCounts } from '#shared/application/subscription-report.ts';
import { CANARY_SUFFIX, type InventoryItem } from '#shared/domain/inventory/stage.ts';
import {
  LEAVE_REASONS,
  type LeaveReason,
  planSubscription,
} from '#shared/domain/subscriptions/plan-subscription.ts';
import { EXECUTION_LOG_GROUP_PREFIXES } from '#shared/domain/subscriptions/subscription-filter.ts';
import {
  type Destinations,
  filterNameFor,
  noLongerWatched,
  type WantedSubscription,
  wantedSubscriptions,
} from '#shared/domain/subscriptions/wanted-subscriptions.ts';

type Dependencies = {
  readonly logGroups: LogGroups;
  readonly destinations: Destinations;
  /** How the names of the stack's own log groups begin. */
  readonly ownLogGroupPrefix: string;
};

/** Keeps the subscription filters of one run's stages. */
export type Subscriptions = {
  /** Gives the groups of stages their filters; an error at one group does not stop the others. */
  readonly ensure: (items: readonly InventoryItem[]) => Promise<void>;
  /** Takes our filters from the groups that only the stages `before` wrote to. @throws If that failed */
  readonly release: (before: readonly InventoryItem[], after: readonly InventoryItem[]) => Promise<void>;
  readonly counts: () => SubscriptionCounts;
  readonly errors: unknown[];
};

/** Finds a log group; `null` if there is none of that name. */
export type FindGroup = (name: string) => Promise<LogGroup | null>;

type Outcome = 'keep' | 'make' | 'replace' | 'failed' | LeaveReason;

/**
 * Finds groups by name. Those whose names begin like execution groups are listed once; of the others only those around
 * an access-log group, since an account has thousands.
 */
export function createFindGroup(logGroups: LogGroups): FindGroup {
  const lists = new Map<string, ReadonlyMap<string, LogGroup>>();
  return async (name) => {
    const base = name.endsWith(CANARY_SUFFIX) ? name.slice(0, -CANARY_SUFFIX.length) : name;
    const prefix = EXECUTION_LOG_GROUP_PREFIXES.find((start) => name.startsWith(start)) ?? base;
    const known = lists.get(prefix);
    const listed = known ?? new Map((await logGroups.list(prefix)).map((group) => [group.name, group]));
    if (known === undefined) lists.set(prefix, listed);
    return listed.get(name) ?? null;
  };
}

function createCounts(): {
  readonly note: (group: string, outcome: Outcome) => void;
  readonly noteRemoved: () => void;
  readonly read: () => SubscriptionCounts;
} {
  const groups = new Map<Outcome, Set<string>>();
  let removed = 0;
  const of = (outcome: Outcome): ReadonlySet<string> => groups.get(outcome) ?? new Set();
  return {
    note: (group, outcome) => {
      const known = groups.get(outcome);
      if (known === undefined) groups.set(outcome, new Set([group]));
      else known.add(group);
    },
    noteRemoved: () => {
      removed += 1;
    },
    read: () => ({
      subscribed: new Set([...of('keep'), ...of('make'), ...of('replace')]).size,
      made: of('make').size,
      replaced: of('replace').size,
      removed,
      failed: of('failed').size,
      leftAlone: Object.fromEntries(
        LEAVE_REASONS.filter((reason) => of(reason).size > 0).map((reason) => [
          reason,
          named([...of(reason)]),
        ]),
      ),
    }),
  };
}

/** @returns What was done; `null` for a group that will appear with its first line */
function createEnsureOne({ logGroups, ownLogGroupPrefix }: Dependencies, findGroup: FindGroup) {
  return async ({ group, filter, appearsWithTraffic }: WantedSubscription): Promise<Outcome | null> => {
    const found = await findGroup(group);
    if (found === null && appearsWithTraffic) return null;
    const takesFilters = found?.takesFilters ?? false;
    const filters = found === null ? null : await logGroups.readFilters(group);
    const decision = planSubscription(filter, { name: group, takesFilters, filters }, ownLogGroupPrefix);
    if (decision.action === 'leave') return decision.reason;
    if (decision.action === 'keep') return 'keep';
    const answer = await logGroups.putFilter(group, filter);
    return answer === 'made' ? decision.action : answer;
  };
}

/** Prepares one run; what it lists is not listed again. */
export function createSubscriptions(dependencies: Dependencies): Subscriptions {
  const { logGroups, destinations } = dependencies;
  const findGroup = createFindGroup(logGroups);
  const ensureOne = createEnsureOne(dependencies, findGroup);
  const counts = createCounts();
  const errors: unknown[] = [];
  const done = new Set<string>();

  const ensure = async (items: readonly InventoryItem[]): Promise<void> => {
    for (const wanted of wantedSubscriptions(items, destinations)) {
      const key = `${wanted.filter.name} ${wanted.group}`;
      if (done.has(key)) continue;
      done.add(key);
      try {
        const outcome = await ensureOne(wanted);
        if (outcome !== null) counts.note(wanted.group, outcome);
      } catch (cause) {
        counts.note(wanted.group, 'failed');
        errors.push(new Error(`Cannot subscribe log group ${wanted.group}`, { cause }));
      }
    }
  };

  const release: Subscriptions['release'] = async (before, after) => {
    for (const { group, logs } of noLongerWatched(before, after)) {
      const filterName = filterNameFor(logs, destinations.stackName);
      done.delete(`${filterName} ${group}`);
      try {
        if ((await findGroup(group)) === null) continue;
        await logGroups.deleteFilter(group, filterName);
        counts.noteRemoved();
      } catch (error) {
        counts.note(group, 'failed');
        throw error;
      }
    }
  };

  return { ensure, release, counts: counts.read, errors };
}
