import picocolors from 'picocolors';
import { note } from '#cli/commands/context.ts';
import { confirm } from '#cli/confirm.ts';
import { renderRemoved } from '#cli/render/setup-subscriptions.ts';
import { removedJson } from '#cli/setup/report.ts';
import type { SetupSession } from '#cli/setup/session.ts';
import { readDeployedStack } from '#cli/setup/stack.ts';
import type { StageList } from '#shared/application/list-stages.ts';
import type { ReadInventory } from '#shared/application/ports.ts';
import {
  createFindFilters,
  createRemoveFilters,
  type FoundFilter,
} from '#shared/application/remove-subscriptions.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

const EXIT_FAILED = 2;

const AUTO_WARNING =
  'warning: the stack makes its filters again within 5 minutes. Deploy it with --param="subscribe=manual" first; or remove the stack, which takes them away by itself.';

async function isWanted(
  filters: readonly FoundFilter[],
  { context, isYes, aws }: SetupSession,
): Promise<boolean> {
  if (filters.length === 0 || isYes) return true;
  for (const { group, filterName } of filters) note(context, `remove    ${group} (${filterName})`);
  return confirm(context, `Remove ${formatAmount(filters.length, 'filter')} in ${aws.region}?`);
}

/** Takes our filters away, whether or not the stack is still there. */
export async function runRemove(session: SetupSession, { stages }: StageList): Promise<void> {
  const { aws, progress, context, stackName, apiIds, isJson } = session;
  const { region, logGroups } = aws;
  const { reportStep } = progress;
  const stack = await readDeployedStack(aws.readStack, stackName);
  const readInventory: ReadInventory =
    stack.status === 'deployed' ? aws.createReadInventory(stack.inventoryTableName) : async () => [];
  const findFilters = createFindFilters({ logGroups, reportStep });
  const found = await findFilters({ stages, readInventory, stackName, everywhere: apiIds.length === 0 });
  progress.stop();
  if (stack.status === 'deployed' && stack.subscribeMode === 'auto') note(context, AUTO_WARNING);
  if (!(await isWanted(found, session))) {
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
