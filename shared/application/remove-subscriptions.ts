import type { DescribedStage, LogGroups, ReadInventory } from '#shared/application/inventory-ports.ts';
import type { ReportStep } from '#shared/application/report-step.ts';
import { DEFAULT_INTEGRATION_TIMEOUT_MS, type InventoryItem } from '#shared/domain/inventory/stage.ts';
import {
  accessFilterName,
  EXECUTION_LOG_GROUP_PREFIXES,
  executionFilterName,
} from '#shared/domain/subscriptions/subscription-filter.ts';
import { noLongerWatched } from '#shared/domain/subscriptions/wanted-subscriptions.ts';

/** A filter of ours at a log group. */
export type FoundFilter = { readonly group: string; readonly filterName: string };

/** What became of it. */
export type RemovedFilter = FoundFilter &
  ({ readonly outcome: 'removed' } | { readonly outcome: 'failed'; readonly error: unknown });

type Dependencies = { readonly logGroups: LogGroups; readonly reportStep: ReportStep };

type Search = {
  readonly stages: readonly DescribedStage[];
  /** Stages that Gatewatch knew, some of which may be gone. */
  readonly readInventory: ReadInventory;
  readonly stackName: string;
  /** Also the groups of stages that are gone. */
  readonly everywhere: boolean;
};

/** Names of stages that are gone may be those of groups that are gone: only groups that exist are asked about. */
async function groupsToSearch(
  { stages, readInventory, everywhere }: Search,
  logGroups: LogGroups,
): Promise<string[]> {
  const known = everywhere ? await readInventory() : [];
  const items: InventoryItem[] = stages.map((stage) => ({
    ...stage,
    integrationTimeoutMs: DEFAULT_INTEGRATION_TIMEOUT_MS,
  }));
  const existing = (await logGroups.list('')).map(({ name }) => name);
  const watched = noLongerWatched([...items, ...known], []).map(({ group }) => group);
  const mayHoldExecutionLogs = (name: string) =>
    EXECUTION_LOG_GROUP_PREFIXES.some((prefix) => name.startsWith(prefix));
  const execution = everywhere ? existing.filter(mayHoldExecutionLogs) : [];
  const exists = new Set(existing);
  return [...new Set([...watched, ...execution])].filter((name) => exists.has(name));
}

/**
 * Finds the filters of a stack.
 *
 * @returns A use case that changes nothing
 */
export function createFindFilters({ logGroups, reportStep }: Dependencies) {
  return async (search: Search): Promise<FoundFilter[]> => {
    const ours = [accessFilterName(search.stackName), executionFilterName(search.stackName)];
    reportStep('listing log groups', 0, 1);
    const groups = await groupsToSearch(search, logGroups);
    const found: FoundFilter[] = [];
    for (const [index, group] of groups.entries()) {
      reportStep('reading log groups', index, groups.length);
      const filters = (await logGroups.readFilters(group)) ?? [];
      found.push(
        ...filters.filter(({ name }) => ours.includes(name)).map(({ name }) => ({ group, filterName: name })),
      );
    }
    return found;
  };
}

/**
 * Removes filters.
 *
 * @returns A use case that goes on after a group that failed
 */
export function createRemoveFilters({ logGroups, reportStep }: Dependencies) {
  return async (filters: readonly FoundFilter[]): Promise<RemovedFilter[]> => {
    const removed: RemovedFilter[] = [];
    for (const [index, filter] of filters.entries()) {
      reportStep('removing filters', index, filters.length);
      try {
        await logGroups.deleteFilter(filter.group, filter.filterName);
        removed.push({ ...filter, outcome: 'removed' });
      } catch (error) {
        removed.push({ ...filter, outcome: 'failed', error });
      }
    }
    return removed;
  };
}
