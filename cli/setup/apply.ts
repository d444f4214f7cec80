import picocolors from 'picocolors';
import { note } from '#cli/commands/context.ts';
import { confirm } from '#cli/confirm.ts';
import { UsageError } from '#cli/errors.ts';
import { renderApplied } from '#cli/render/setup-subscriptions.ts';
import { appliedJson } from '#cli/setup/report.ts';
import type { SetupSession } from '#cli/setup/session.ts';
import {
  type DeployedStack,
  describePlace,
  explainStack,
  ownLogGroupPrefix,
  readDeployedStack,
} from '#cli/setup/stack.ts';
import { createApplySubscriptions } from '#shared/application/apply-subscriptions.ts';
import type { StageList } from '#shared/application/list-stages.ts';
import { createPlanSubscriptions, type PlannedSubscription } from '#shared/application/plan-subscriptions.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

const EXIT_FAILED = 2;

async function isWanted(
  planned: readonly PlannedSubscription[],
  stack: DeployedStack,
  session: SetupSession,
): Promise<boolean> {
  const { context, isYes, aws } = session;
  const count = (action: string) => planned.filter(({ decision }) => decision.action === action);
  const changes = [...count('make'), ...count('replace')];
  if (changes.length === 0 || isYes) return true;
  for (const { group, decision } of changes) note(context, `${decision.action.padEnd(9)} ${group}`);
  return confirm(
    context,
    `Change ${formatAmount(changes.length, 'filter')} of ${describePlace(stack, aws.region)}?`,
  );
}

/** Makes our filters where they are missing. @throws {UsageError} If the stack is not deployed */
export async function runApply(session: SetupSession, { stages }: StageList): Promise<void> {
  const { aws, progress, context, stackName, isJson } = session;
  const { region, logGroups } = aws;
  const { reportStep } = progress;
  const stack = await readDeployedStack(aws.readStack, stackName);
  if (stack.status !== 'deployed') throw new UsageError(explainStack(stack, region));
  const planSubscriptions = createPlanSubscriptions({ logGroups, reportStep });
  const planned = await planSubscriptions(stages, stack.destinations, ownLogGroupPrefix(stackName));
  progress.stop();
  if (stack.subscribeMode === 'auto')
    note(
      context,
      `Stack ${stack.name} makes these filters by itself, every 5 minutes; now it is done at once.`,
    );
  if (!(await isWanted(planned, stack, session))) {
    note(context, 'Nothing was changed.');
    return;
  }
  const subscriptions = await createApplySubscriptions({ logGroups, reportStep })(planned);
  progress.stop();
  const applied = { region, stack, subscriptions };
  const style = { colors: picocolors.createColors(context.hasColors), columns: context.columns };
  context.stdout.write(
    isJson ? `${JSON.stringify(appliedJson(applied), null, 2)}\n` : renderApplied(applied, style),
  );
  if (subscriptions.some(({ outcome }) => outcome === 'failed')) context.setExitCode(EXIT_FAILED);
}
