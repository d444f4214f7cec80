import picocolors from 'picocolors';
import { note } from '#cli/commands/context.ts';
import { renderDryRun } from '#cli/render/setup-text.ts';
import { type DryRun, dryRunJson } from '#cli/setup/report.ts';
import type { SetupSession } from '#cli/setup/session.ts';
import { setupCommand } from '#cli/setup/setup-command.ts';
import { destinationsOf, ownLogGroupPrefix, readDeployedStack } from '#cli/setup/stack.ts';
import type { StageList } from '#shared/application/list-stages.ts';
import { createPlanSubscriptions } from '#shared/application/plan-subscriptions.ts';
import { createSurveyLogging } from '#shared/application/survey-logging.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';
import type { ChangeLanguage } from '#shared/domain/logging/change-language.ts';
import { printChanges } from '#shared/domain/logging/print-changes.ts';

async function survey(session: SetupSession, found: StageList, language: ChangeLanguage): Promise<DryRun> {
  const { aws, progress, stackName, given } = session;
  const { reportStep } = progress;
  const { region, logGroups, readRequestTotals, readStack, now } = aws;
  const stack = await readDeployedStack(readStack, stackName);
  const planSubscriptions = createPlanSubscriptions({ logGroups, reportStep });
  const subscriptions = await planSubscriptions(
    found.stages,
    destinationsOf(stack),
    ownLogGroupPrefix(stackName),
  );
  const surveyLogging = createSurveyLogging({ readRequestTotals, now, reportStep });
  const stages = await surveyLogging(found.stages, subscriptions);
  const changes = stages.flatMap(({ change }) => (change === null ? [] : [change]));
  const text = printChanges(changes, language, region);
  const apis = found.apis.length;
  return { region, stack, given, apis, stages, subscriptions, changes: { language, text } };
}

/**
 * Says what is logged, what is missing, and what would be done.
 *
 * @param language - Where just the suggested changes are wanted, in which language; else `null`
 */
export async function runDryRun(
  session: SetupSession,
  found: StageList,
  language: ChangeLanguage | null,
): Promise<void> {
  const { context, progress, isJson } = session;
  const run = await survey(session, found, language ?? 'cli');
  progress.stop();
  if (isJson) {
    context.stdout.write(`${JSON.stringify(dryRunJson(run), null, 2)}\n`);
    return;
  }
  if (language === null) {
    const { columns, hasColors } = context;
    context.stdout.write(renderDryRun(run, { colors: picocolors.createColors(hasColors), columns }));
    return;
  }
  context.stdout.write(run.changes.text);
  const changed = run.stages.filter(({ change }) => change !== null).length;
  note(
    context,
    `${formatAmount(changed, 'stage')} of ${run.stages.length} should change; ${setupCommand(run.given)} says why.`,
  );
}
