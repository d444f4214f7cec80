import picocolors from 'picocolors';
import { type AwsPorts, connectAws } from '#cli/aws-clients.ts';
import { explainAwsError, wordsFor } from '#cli/aws-errors.ts';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { confirm } from '#cli/confirm.ts';
import { type LetterStack, type QueueName, readLetterStack } from '#cli/redrive/letter-stack.ts';
import { countOutcome, type QueueRun, type RedriveRun, redriveJson } from '#cli/redrive/report.ts';
import { renderRedrive } from '#cli/render/redrive-text.ts';
import { createRedriveLetters, type RedriveRequest } from '#shared/application/redrive-letters.ts';
import { eventOf, parseLetter } from '#shared/config/dead-letter.ts';
import { canBeDiscarded, canBeRedriven } from '#shared/domain/dead-letters/letter.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

/** What was asked for. */
export type RedriveCommand = RedriveRequest & {
  readonly queues: readonly QueueName[];
  readonly stackName: string;
  /** `undefined` for the one of the profile. */
  readonly region: string | undefined;
  /** The options that said what the run is about, as they were given. */
  readonly given: readonly string[];
  readonly isJson: boolean;
  /** Do not ask. */
  readonly isYes: boolean;
};

const EXIT_FAILED = 2;

const PERMISSIONS = 'gatewatch redrive --iam prints the permissions that are needed';

async function lookThrough(
  { queues, ...request }: RedriveRequest & { readonly queues: readonly QueueName[] },
  stack: LetterStack,
  { letterQueue, invokeLater, now }: AwsPorts,
): Promise<QueueRun[]> {
  const runs: QueueRun[] = [];
  for (const queue of queues) {
    const redriveLetters = createRedriveLetters({
      letters: letterQueue(stack.queueUrls[queue]),
      parkedMetrics: letterQueue(stack.parkedMetricsUrl),
      invokeLater,
      parseLetter,
      eventOf,
      functions: stack.functions,
      dispatchArn: stack.dispatchArn,
      now,
    });
    runs.push({ queue, ...(await redriveLetters(request)) });
  }
  return runs;
}

/** Whether the account may be changed: nothing to do is fine as well. */
async function isWanted(
  context: CommandContext,
  { mode, reason, isYes, queues, maxLetters }: RedriveCommand,
  stack: LetterStack,
  aws: AwsPorts,
): Promise<boolean> {
  if (mode === 'list' || isYes) return true;
  const found = await lookThrough({ mode: 'list', reason, queues, maxLetters }, stack, aws);
  const isMeant = mode === 'apply' ? canBeRedriven : canBeDiscarded;
  const letters = found
    .flatMap(({ handled }) => handled)
    .filter(({ letter }) => isMeant(letter) && (reason === null || letter.reason === reason));
  if (letters.length === 0) return true;
  const what = formatAmount(letters.length, 'letter');
  const verb = mode === 'apply' ? 'Try again' : 'Delete';
  return confirm(context, `${verb} ${what} of stack ${stack.name}, ${aws.region}?`);
}

async function redrive(context: CommandContext, command: RedriveCommand): Promise<void> {
  const aws = await connectAws(command.region);
  const stack = await readLetterStack(aws.readStack, command.stackName, aws.region);
  if (!(await isWanted(context, command, stack, aws))) {
    note(context, 'Nothing was changed.');
    return;
  }
  const { mode, reason, given, isJson } = command;
  const queues = await lookThrough(command, stack, aws);
  const run: RedriveRun = {
    region: aws.region,
    stack,
    mode,
    reason,
    queues,
    given,
    nowMs: aws.now().getTime(),
  };
  const style = { colors: picocolors.createColors(context.hasColors), columns: context.columns };
  context.stdout.write(
    isJson ? `${JSON.stringify(redriveJson(run, wordsFor), null, 2)}\n` : renderRedrive(run, style),
  );
  if (countOutcome(queues, 'failed') > 0) context.setExitCode(EXIT_FAILED);
}

/**
 * Runs `gatewatch redrive` against AWS.
 *
 * @throws {UsageError} In words that say what to do, if AWS cannot be asked
 */
export async function runRedrive(context: CommandContext, command: RedriveCommand): Promise<void> {
  try {
    await redrive(context, command);
  } catch (error) {
    throw explainAwsError(error, PERMISSIONS);
  }
}
