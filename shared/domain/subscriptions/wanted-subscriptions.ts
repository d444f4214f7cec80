import { CANARY_SUFFIX, type InventoryItem } from '#shared/domain/inventory/stage.ts';
import { executionLogGroups } from '#shared/domain/logs/execution/execution-log-group.ts';
import {
  accessFilterName,
  executionFilterName,
  type SubscriptionFilter,
} from '#shared/domain/subscriptions/subscription-filter.ts';

type LogKind = 'access' | 'execution';

/** A log group that a stage writes to, and which of its logs are in there. */
export type WatchedGroup = {
  readonly group: string;
  readonly logs: LogKind;
  /** The service makes the group when it first has something to write: that there is none is no fault. */
  readonly appearsWithTraffic: boolean;
};

/** Which functions take the lines. */
export type Destinations = {
  readonly stackName: string;
  readonly accessLogsFunctionArn: string;
  readonly executionLogsFunctionArn: string;
  /** Matches the execution lines that tell something; at most 1,024 characters. */
  readonly executionFilterPattern: string;
};

/** A filter that a log group should have. */
export type WantedSubscription = Omit<WatchedGroup, 'logs'> & { readonly filter: SubscriptionFilter };

function groupsOf(item: InventoryItem): WatchedGroup[] {
  const { apiType, logGroup } = item;
  const groups: WatchedGroup[] = [];
  const add = (group: string, logs: LogKind, appearsWithTraffic: boolean): void => {
    groups.push({ group, logs, appearsWithTraffic });
    if (apiType === 'REST') groups.push({ group: group + CANARY_SUFFIX, logs, appearsWithTraffic: true });
  };
  if (logGroup !== null) add(logGroup, 'access', false);
  for (const group of executionLogGroups(item)) add(group, 'execution', true);
  return groups;
}

/** A group takes part once for each kind of log, however many stages write to it. */
function watchedGroups(items: readonly InventoryItem[]): Map<string, WatchedGroup> {
  const groups = new Map<string, WatchedGroup>();
  for (const watched of items.flatMap(groupsOf)) {
    const key = `${watched.logs} ${watched.group}`;
    const appearsWithTraffic = watched.appearsWithTraffic && (groups.get(key)?.appearsWithTraffic ?? true);
    groups.set(key, { ...watched, appearsWithTraffic });
  }
  return groups;
}

/** The name of the filter that a stack puts on a group for one kind of log. */
export function filterNameFor(logs: LogKind, stackName: string): string {
  return logs === 'access' ? accessFilterName(stackName) : executionFilterName(stackName);
}

function filterFor(logs: LogKind, destinations: Destinations): SubscriptionFilter {
  const { stackName, accessLogsFunctionArn, executionLogsFunctionArn, executionFilterPattern } = destinations;
  const name = filterNameFor(logs, stackName);
  return logs === 'access'
    ? { name, pattern: '', destinationArn: accessLogsFunctionArn }
    : { name, pattern: executionFilterPattern, destinationArn: executionLogsFunctionArn };
}

/**
 * The filters that the log groups of stages should have: every line of access logs, the telling lines of execution
 * logs. A group that holds both gets both filters, since each function drops the lines that are not its own.
 */
export function wantedSubscriptions(
  items: readonly InventoryItem[],
  destinations: Destinations,
): WantedSubscription[] {
  return [...watchedGroups(items).values()].map(({ logs, ...group }) => ({
    ...group,
    filter: filterFor(logs, destinations),
  }));
}

/** The groups, by kind of log, that nobody writes to any more when the stages `before` have become those `after`. */
export function noLongerWatched(
  before: readonly InventoryItem[],
  after: readonly InventoryItem[],
): WatchedGroup[] {
  const still = watchedGroups(after);
  return [...watchedGroups(before)].filter(([key]) => !still.has(key)).map(([, group]) => group);
}
