import type { DescribedStage, LogGroups } from '#shared/application/inventory-ports.ts';
import { createFindGroup, type FindGroup } from '#shared/application/keep-subscriptions.ts';
import type { ReportStep } from '#shared/application/report-step.ts';
import { DEFAULT_INTEGRATION_TIMEOUT_MS } from '#shared/domain/inventory/stage.ts';
import { executionLogGroups } from '#shared/domain/logs/execution/execution-log-group.ts';
import {
  planSubscription,
  type SubscriptionDecision,
} from '#shared/domain/subscriptions/plan-subscription.ts';
import type { SubscriptionFilter } from '#shared/domain/subscriptions/subscription-filter.ts';
import {
  type Destinations,
  type WantedSubscription,
  wantedSubscriptions,
} from '#shared/domain/subscriptions/wanted-subscriptions.ts';

/** What is to be done so that a log group has a filter of ours. */
export type PlannedSubscription = {
  readonly group: string;
  readonly filter: SubscriptionFilter;
  readonly decision: SubscriptionDecision;
  /** Names of the filters that are not of this stack and kind; they stay. */
  readonly otherFilters: readonly string[];
};

type Dependencies = { readonly logGroups: LogGroups; readonly reportStep: ReportStep };

async function hasExecutionGroup(stage: DescribedStage, findGroup: FindGroup): Promise<boolean> {
  for (const group of executionLogGroups(stage)) if ((await findGroup(group)) !== null) return true;
  return false;
}

/**
 * Whether it is worth telling that a group does not exist. Groups that the service makes with their first line are
 * nobody's fault: only those of a log that is on are told, and of a stage that may write to either of two only one.
 */
async function isExpected(
  { group, appearsWithTraffic }: WantedSubscription,
  stages: readonly DescribedStage[],
  findGroup: FindGroup,
): Promise<boolean> {
  if (!appearsWithTraffic) return true;
  for (const stage of stages) {
    if (stage.executionLogGroup !== group || stage.executionLogLevel === 'OFF') continue;
    if (!(await hasExecutionGroup(stage, findGroup))) return true;
  }
  return false;
}

/**
 * Plans the filters of the log groups of stages.
 *
 * @returns A use case that changes nothing, and leaves out groups that do not exist and need not
 */
export function createPlanSubscriptions({ logGroups, reportStep }: Dependencies) {
  return async (
    stages: readonly DescribedStage[],
    destinations: Destinations,
    ownLogGroupPrefix: string,
  ): Promise<PlannedSubscription[]> => {
    const findGroup = createFindGroup(logGroups);
    // The timeout says nothing about logs, and costs a call for each API.
    const items = stages.map((stage) => ({ ...stage, integrationTimeoutMs: DEFAULT_INTEGRATION_TIMEOUT_MS }));
    const planned: PlannedSubscription[] = [];
    const wanted = wantedSubscriptions(items, destinations);
    for (const [index, subscription] of wanted.entries()) {
      reportStep('reading log groups', index, wanted.length);
      const { group, filter } = subscription;
      const found = await findGroup(group);
      if (found === null && !(await isExpected(subscription, stages, findGroup))) continue;
      const filters = found === null ? null : await logGroups.readFilters(group);
      const takesFilters = found?.takesFilters ?? false;
      planned.push({
        group,
        filter,
        decision: planSubscription(filter, { name: group, takesFilters, filters }, ownLogGroupPrefix),
        otherFilters: (filters ?? []).map(({ name }) => name).filter((name) => name !== filter.name),
      });
    }
    return planned;
  };
}
