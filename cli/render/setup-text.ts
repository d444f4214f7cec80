import { costLines } from '#cli/render/setup-cost.ts';
import { missingLines, problemLines, stageLines } from '#cli/render/setup-stages.ts';
import { subscriptionLines } from '#cli/render/setup-subscriptions.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { hang } from '#cli/render/wrap.ts';
import type { DryRun } from '#cli/setup/report.ts';
import { setupCommand } from '#cli/setup/setup-command.ts';
import { accountOf, type DeployedStack, explainStack } from '#cli/setup/stack.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

/** What the stack does, in a few words. */
function describeStack(stack: DeployedStack, region: string): string {
  if (stack.status !== 'deployed') return explainStack(stack, region);
  return stack.subscribeMode === 'auto'
    ? `Stack ${stack.name} is deployed and makes its filters by itself, every 5 minutes`
    : `Stack ${stack.name} is deployed and leaves its filters to you (subscribe=manual)`;
}

function changeLines({ changes, stack, given }: DryRun, { colors, columns }: TextStyle): string[] {
  if (changes.text === '') return [];
  const isAuto = stack.status === 'deployed' && stack.subscribeMode === 'auto';
  const words = 'With --print terraform or --print cloudformation you get just these changes, for a file.';
  const next = ['A new log group needs a filter. Afterwards run:', `  ${setupCommand(given, '--apply')}`];
  return [
    `\n${colors.bold('Changes to make yourself (AWS CLI)')}`,
    ...hang('', words, columns),
    ...(isAuto ? [] : next),
    '',
    changes.text.trimEnd(),
  ];
}

/** Everything that a dry run found, for a terminal. */
export function renderDryRun(run: DryRun, style: TextStyle): string {
  const { region, stack, apis, stages } = run;
  const head = `account ${accountOf(stack) ?? 'unknown'} · ${region} · ${formatAmount(apis, 'API')}, ${formatAmount(stages.length, 'stage')} · nothing was changed`;
  const sections = [
    [...hang('', head, style.columns), ...hang('', describeStack(stack, region), style.columns)],
    stageLines(stages, style),
    problemLines(stages, style),
    missingLines(stages, style),
    subscriptionLines(run, style),
    costLines(stages, style),
    changeLines(run, style),
  ];
  return `${sections.flat().join('\n')}\n`;
}
