import { CANARY_SUFFIX, type InventoryItem } from '#shared/domain/inventory/stage.ts';
import { executionLogGroups } from '#shared/domain/logs/execution/execution-log-group.ts';
import { EXECUTION_LOG_GROUP_PREFIX } from '#shared/domain/subscriptions/subscription-filter.ts';

/**
 * Why nothing of a log group is counted. `own-log-group`: its lines are Gatewatch's own, which would feed on themselves;
 * `not-api-gateway`: other functions or API Gateway's execution logs write there.
 */
export type GroupRefusal = 'own-log-group' | 'not-api-gateway';

/** Where functions write their logs. @see {@link https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html} */
const FUNCTION_LOG_GROUP_PREFIX = '/aws/lambda/';

function isAccessLogGroupOf({ logGroup }: InventoryItem, group: string): boolean {
  return logGroup !== null && (group === logGroup || group === logGroup + CANARY_SUFFIX);
}

/**
 * Judges whether a log group may hold access logs. A group that the inventory does not know may: its stage is found
 * within minutes, and its lines tell. Only names that are surely of others are refused.
 *
 * @param ownLogGroupPrefix - How the names of Gatewatch's own log groups begin; not empty
 * @returns `null` if it may
 */
export function judgeAccessLogGroup(
  group: string,
  inventory: readonly InventoryItem[],
  ownLogGroupPrefix: string,
): GroupRefusal | null {
  if (group.startsWith(ownLogGroupPrefix)) return 'own-log-group';
  if (inventory.some((item) => isAccessLogGroupOf(item, group))) return null;
  const isOfOthers =
    group.startsWith(FUNCTION_LOG_GROUP_PREFIX) ||
    group.startsWith(EXECUTION_LOG_GROUP_PREFIX) ||
    // Groups of access logs may be called like those of WebSocket stages: only the inventory tells.
    inventory.some((item) => executionLogGroups(item).includes(group));
  return isOfOthers ? 'not-api-gateway' : null;
}
