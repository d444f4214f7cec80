import type { Scope } from '#shared/domain/detection/finding.ts';
import { type Describe, measure, scopeName } from '#shared/domain/findings/description.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';
import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';
import { printDataTraceOff } from '#shared/domain/logging/print-data-trace.ts';
import { executionLogGroups } from '#shared/domain/logs/execution/execution-log-group.ts';
import { EXECUTION_LOG_GROUP_PREFIX } from '#shared/domain/subscriptions/subscription-filter.ts';

function findStage({ apiId = '', stage = '' }: Scope, inventory: readonly InventoryItem[]): InventoryItem {
  const known = inventory.find((item) => item.apiId === apiId && item.stage === stage);
  return known ?? unlistedStage({ apiId, stage });
}

function groupsOf(item: InventoryItem): string {
  const groups = executionLogGroups(item);
  const names = groups.length > 0 ? groups : [`${EXECUTION_LOG_GROUP_PREFIX}${item.apiId}/${item.stage}`];
  return names.join(' or ');
}

/** How it is told: by the settings, and by what was seen of it. */
function sourceOf({ executionLogLevel, logsBodies }: InventoryItem, linesSeen: number): string {
  const parts: string[] = [];
  if (logsBodies === true) parts.push(`level ${executionLogLevel ?? 'unknown'} with data trace`);
  if (linesSeen > 0) parts.push(`${formatAmount(linesSeen, 'line')} seen`);
  return parts.join(' · ') || 'data trace';
}

/** Describes `logging.bodies`: where bodies stand and how to stop it; nothing of what they hold. */
export const describeBodyLogging: Describe = (occurrence, inventory) => {
  const { scope, sums, status } = occurrence;
  const item = findStage(scope, inventory);
  const linesSeen = measure(sums, 'linesSeen');
  const isOpen = status === 'open';
  return {
    title: `${scopeName(scope, inventory)} logs request and response bodies`,
    value: linesSeen,
    expected: 0,
    unit: 'lines',
    evidence: [
      { label: 'Execution log', value: isOpen ? sourceOf(item, linesSeen) : 'data trace is off' },
      { label: 'Log group', value: groupsOf(item) },
      {
        label: 'It holds',
        value: isOpen
          ? 'bodies, headers and X-Amz-Security-Token in plain text'
          : 'what was logged before, until it expires or is deleted',
      },
    ],
    links: [],
    nextStep: `Switch data trace off: \`${printDataTraceOff(item, scope.region)}\`, and for each method or route with settings of its own; then delete what the group holds.`,
  };
};
