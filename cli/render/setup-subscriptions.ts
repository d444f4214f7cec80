import { wordsFor } from '#cli/aws-errors.ts';
import { clean } from '#cli/render/terminal.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { hang } from '#cli/render/wrap.ts';
import type { Applied, DryRun, Removed } from '#cli/setup/report.ts';
import { setupCommand } from '#cli/setup/setup-command.ts';
import type { PlannedSubscription } from '#shared/application/plan-subscriptions.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';
import type { LeaveReason } from '#shared/domain/subscriptions/plan-subscription.ts';
import { EXECUTION_LOG_GROUP_PREFIX } from '#shared/domain/subscriptions/subscription-filter.ts';

type Left = { readonly group: string; readonly otherFilters: readonly string[] };

/** Why a group is left alone, and what would help. */
function reasonWords(reason: LeaveReason, { group, otherFilters }: Left): string {
  if (reason === 'own-group') return "it is Gatewatch's own, which would feed on itself";
  if (reason === 'log-class')
    return 'its class, Infrequent Access or Delivery, takes no filters, and cannot be changed';
  if (reason === 'slots-taken') return `all its filters are taken, by ${clean(otherFilters.join(', '))}`;
  return group.startsWith(EXECUTION_LOG_GROUP_PREFIX)
    ? 'it does not exist yet: API Gateway makes it with its first line'
    : 'it does not exist';
}

/** A group that the service makes by itself is no trouble. */
function leftWord(word: 'leave' | 'left', reason: LeaveReason, { group }: Left): string {
  return reason === 'no-group' && group.startsWith(EXECUTION_LOG_GROUP_PREFIX) ? 'later' : word;
}

function line(word: string, group: string, reason: string | null, columns: number): string[] {
  return hang(`${word.padEnd(9)} `, reason === null ? clean(group) : `${clean(group)}: ${reason}`, columns);
}

/** Until 2026 a group took two filters; where that still holds, only the service can tell. */
const SURE_SLOTS = 2;

function makeWords({ decision, otherFilters }: PlannedSubscription): string | null {
  if (decision.action !== 'make' || otherFilters.length < SURE_SLOTS) return null;
  return `if it takes another filter, beside ${clean(otherFilters.join(', '))}`;
}

/** Who makes the filters, and when; the command is for copying and so stands on a line of its own. */
function nextStep({ subscriptions, stack, given }: DryRun, columns: number): string[] {
  const words = 'Planned without a destination: no filter can be made before the stack is deployed.';
  if (stack.status !== 'deployed') return hang('', words, columns);
  const count = subscriptions.filter(
    ({ decision: { action } }) => action === 'make' || action === 'replace',
  ).length;
  if (count === 0) return ['Nothing is left to do.'];
  const how =
    stack.subscribeMode === 'auto'
      ? 'The stack does this by itself within 5 minutes; at once does it:'
      : `To change ${formatAmount(count, 'filter')}, run:`;
  return [...hang('', how, columns), `  ${setupCommand(given, '--apply')}`];
}

/** What would be done to each log group. */
export function subscriptionLines(run: DryRun, { colors, columns }: TextStyle): string[] {
  const { stages, subscriptions, stack } = run;
  if (stages.length === 0) return [];
  const title = `\n${colors.bold(`Subscription filters (${stack.name}-access, ${stack.name}-execution)`)}`;
  if (subscriptions.length === 0) return [title, 'no log group to subscribe to'];
  const lines = subscriptions.flatMap((subscription) => {
    const { group, decision, otherFilters } = subscription;
    return decision.action === 'leave'
      ? line(
          leftWord('leave', decision.reason, { group, otherFilters }),
          group,
          reasonWords(decision.reason, { group, otherFilters }),
          columns,
        )
      : line(decision.action, group, makeWords(subscription), columns);
  });
  return [title, ...lines, ...nextStep(run, columns)];
}

/** What `--apply` did. */
export function renderApplied({ region, stack, subscriptions }: Applied, { columns }: TextStyle): string {
  const lines = subscriptions.flatMap((subscription) => {
    const { group, outcome } = subscription;
    if (outcome === 'left') {
      const { reason } = subscription;
      return line(leftWord(outcome, reason, subscription), group, reasonWords(reason, subscription), columns);
    }
    return line(outcome, group, outcome === 'failed' ? clean(wordsFor(subscription.error)) : null, columns);
  });
  const done = subscriptions.filter(({ outcome }) => outcome === 'made' || outcome === 'replaced').length;
  return `${[...lines, `${region} · ${formatAmount(done, 'filter')} of stack ${stack.name} made or replaced`].join('\n')}\n`;
}

/** What `--remove` did. */
export function renderRemoved({ region, stack, filters }: Removed, { columns }: TextStyle): string {
  if (filters.length === 0) return `${region} · no log group has a filter of stack ${stack.name}\n`;
  const lines = filters.flatMap((filter) =>
    line(
      filter.outcome,
      `${filter.group} (${filter.filterName})`,
      filter.outcome === 'failed' ? clean(wordsFor(filter.error)) : null,
      columns,
    ),
  );
  const done = filters.filter(({ outcome }) => outcome === 'removed').length;
  return `${[...lines, `${region} · ${formatAmount(done, 'filter')} of stack ${stack.name} removed`].join('\n')}\n`;
}
