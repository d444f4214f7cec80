import type { AwsPorts } from '#cli/aws-clients.ts';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { UsageError } from '#cli/errors.ts';
import type { StepProgress } from '#cli/setup/step-progress.ts';
import { createListStages, type StageList } from '#shared/application/list-stages.ts';

/** One run of `gatewatch setup`: whom to ask, what was asked for, and where to say it. */
export type SetupSession = {
  readonly aws: AwsPorts;
  readonly progress: StepProgress;
  readonly context: CommandContext;
  readonly stackName: string;
  /** Empty for all. */
  readonly apiIds: readonly string[];
  /** The options that said what the run is about, as they were given. */
  readonly given: readonly string[];
  readonly isJson: boolean;
  /** Do not ask. */
  readonly isYes: boolean;
};

/**
 * Reads the stages that the run is about.
 *
 * @throws {UsageError} If an API that was asked for is not there
 */
export async function readStages({ aws, progress, context, apiIds }: SetupSession): Promise<StageList> {
  const { apiGateway, region } = aws;
  const found = await createListStages({ apiGateway, reportStep: progress.reportStep })(apiIds);
  if (found.unknownApiIds.length > 0)
    throw new UsageError(`There is no API ${found.unknownApiIds.join(', ')} in ${region}: another --region?`);
  if (found.apis.length === 0) {
    progress.stop();
    note(context, `There is no API in ${region}: another --region, or another account?`);
  }
  return found;
}
