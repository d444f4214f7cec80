import { connectAws } from '#cli/aws-clients.ts';
import { explainAwsError } from '#cli/aws-errors.ts';
import type { CommandContext } from '#cli/commands/context.ts';
import { runApply } from '#cli/setup/apply.ts';
import { runDryRun } from '#cli/setup/dry-run.ts';
import { runRemove } from '#cli/setup/remove.ts';
import { readStages, type SetupSession } from '#cli/setup/session.ts';
import { createStepProgress } from '#cli/setup/step-progress.ts';
import type { ChangeLanguage } from '#shared/domain/logging/change-language.ts';

/** What was asked for. */
export type SetupRequest = Pick<SetupSession, 'stackName' | 'apiIds' | 'given' | 'isJson' | 'isYes'> & {
  readonly mode: 'dry-run' | 'apply' | 'remove';
  /** `undefined` for the one of the profile. */
  readonly region: string | undefined;
  /** Only the suggested changes, in this language. */
  readonly print: ChangeLanguage | null;
};

/**
 * Runs `gatewatch setup` against AWS.
 *
 * @throws {UsageError} In words that say what to do, if AWS cannot be asked
 */
export async function runSetup(context: CommandContext, request: SetupRequest): Promise<void> {
  const progress = createStepProgress(context.stderr);
  try {
    const session: SetupSession = { ...request, aws: await connectAws(request.region), progress, context };
    const found = await readStages(session);
    if (request.mode === 'apply') await runApply(session, found);
    else if (request.mode === 'remove') await runRemove(session, found);
    else await runDryRun(session, found, request.print);
  } catch (error) {
    throw explainAwsError(error);
  } finally {
    progress.stop();
  }
}
