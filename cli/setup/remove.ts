import picocolors from 'picocolors';
import { note } from '#cli/commands/context.ts';
import { confirm } from '#cli/confirm.ts';
import { renderRemoved } from '#cli/render/setup-subscriptions.ts';
import { clean } from '#cli/render/terminal.ts';
import { removedJson } from '#cli/setup/report.ts';
import type { SetupSession } from '#cli/setup/session.ts';
import { type DeployedStack, describePlace, readDeployedStack } from '#cli/setup/stack.ts';
import type { ReadInventory } from '#shared/application/inventory-ports.ts';
import type { StageList } from '#shared/application/list-stages.ts';
import {
  createFindFilters,
  createRemoveFilters,
  type FoundFilter,
} from '#shared/application/remove-subscriptions.ts';
import { named } from '#shared/application/subscription-report.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

const EXIT_FAILED = 2;

const AUTO_WARNING =
  'warning: the stack makes its filters again within 5 minutes. Deploy it with --param="subscribe=manual" first; or remove the stack, which takes them away by itself.';

async function isWanted(
  filters: readonly FoundFilter[],
  stack: DeployedStack,
  { context, isYes, aws }: SetupSession,
): Promise<boolean> {
  if (filters.length === 0 || isYes) return true;
  for (const { group, filterName } of filters) note(context, `remove    ${group} (${filterName})`);
  return confirm(
    context,
    `Remove ${formatAmount(filters.length, 'filter')} of ${describePlace(stack, aws.region)}?`,
  );
}

/** The stages that the stack knew. */
function createReadInventory({ aws, context, progress }: SetupSession, stack: DeployedStack): ReadInventory {
  return async () => {
    if (stack.status !== 'deployed') return [];
    const { items, unreadableKeys } = await aws.listInventory(stack.inventoryTableName);
    if (unreadableKeys.length > 0) {
      const { count, names } = named(unreadableKeys);
      progress.stop();
      note(
        context,
        `warning: ${formatAmount(count, 'inventory item')} cannot be read, and filters that only they knew of are not found: ${clean(names.join(', '))}`,
      );
    }
    return items;
  };
}

/** What to know about the stack before its filters go. */
function warningOf(stack: DeployedStack, region: string): string | null {
  if (stack.status === 'deployed') return stack.subscribeMode === 'auto' ? AUTO_WARNING : null;
  const what =
    stack.status === 'missing' ? 'There is no stack' : 'No Gatewatch of this version is deployed as stack';
  return `${what} ${stack.name} in ${region}: without its inventory, access-log groups of stages that are gone are not looked at.`;
}

/** Takes our filters away, whether or not the stack is still there. */
export async function runRemove(session: SetupSession, { stages }: StageList): Promise<void> {
  const { aws, progress, context, stackName, apiIds, isJson } = session;
  const { region, logGroups } = aws;
  const { reportStep } = progress;
  const stack = await readDeployedStack(aws.readStack, stackName);
  const readInventory = createReadInventory(session, stack);
  const findFilters = createFindFilters({ logGroups, reportStep });
  const found = await findFilters({ stages, readInventory, stackName, everywhere: apiIds.length === 0 });
  progress.stop();
  const warning = warningOf(stack, region);
  if (warning !== null) note(context, warning);
  if (!(await isWanted(found, stack, session))) {
    note(context, 'Nothing was changed.');
    return;
  }
  const filters = await createRemoveFilters({ logGroups, reportStep })(found);
  progress.stop();
  const removed = { region, stack, filters };
  const style = { colors: picocolors.createColors(context.hasColors), columns: context.columns };
  context.stdout.write(
    isJson ? `${JSON.stringify(removedJson(removed), null, 2)}\n` : renderRemoved(removed, style),
  );
  if (filters.some(({ outcome }) => outcome === 'failed')) context.setExitCode(EXIT_FAILED);
}
