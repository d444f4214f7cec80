import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommandContext, hideSdkWarning } from '#cli/commands/context.ts';
import {
  DEFAULT_STACK,
  givenStackOptions,
  parseRegion,
  parseStackName,
  regionOf,
} from '#cli/commands/stack-options.ts';
import { requireAnswer } from '#cli/confirm.ts';
import { UsageError } from '#cli/errors.ts';
import { redrivePolicy } from '#cli/redrive/iam-policy.ts';
import { QUEUE_NAMES, type QueueName } from '#cli/redrive/letter-stack.ts';
import type { RedriveMode } from '#shared/application/redrive-letters.ts';

type Options = {
  readonly dryRun?: true;
  readonly apply?: true;
  readonly discard?: true;
  readonly iam?: true;
  readonly queue?: QueueName;
  readonly reason?: string;
  readonly max: number;
  readonly stack: string;
  readonly region?: string;
  readonly json?: true;
  readonly yes?: true;
};

const DEFAULT_MAX_LETTERS = 1_000;
const MOST_LETTERS = 10_000;

function parseReason(text: string): string {
  if (/^[A-Za-z][\w.-]{0,79}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a reason as a dry run prints it, such as poison-plan-changed.');
}

function parseMax(text: string): number {
  const max = Number(text);
  if (/^\d{1,5}$/.test(text) && max >= 1 && max <= MOST_LETTERS) return max;
  throw new InvalidArgumentError(`Expected a whole number of 1 to ${MOST_LETTERS}.`);
}

function modeOf({ apply, discard }: Options): RedriveMode {
  if (apply === true) return 'apply';
  return discard === true ? 'discard' : 'list';
}

/** What a next command has to repeat to be about the same; all of it was checked and needs no quotes. */
function givenOptions({ queue, reason, max, ...options }: Options): string[] {
  return [
    ...givenStackOptions(options),
    ...(queue === undefined ? [] : ['--queue', queue]),
    ...(reason === undefined ? [] : ['--reason', reason]),
    ...(max === DEFAULT_MAX_LETTERS ? [] : ['--max', String(max)]),
  ];
}

async function run(options: Options, context: CommandContext): Promise<void> {
  const { stack: stackName, queue, reason = null, max: maxLetters } = options;
  const region = regionOf(options, context.env);
  if (options.iam === true) {
    if (options.json === true || options.yes === true)
      throw new UsageError('--iam prints JSON and changes nothing');
    context.stdout.write(`${JSON.stringify(redrivePolicy(region, stackName), null, 2)}\n`);
    return;
  }
  const mode = modeOf(options);
  const isYes = options.yes === true;
  if (mode !== 'list') requireAnswer(context, isYes, `--${mode}`);
  hideSdkWarning(context);
  // Here and not above: the SDK takes time to load, and no other command needs it.
  const { runRedrive } = await import('#cli/redrive/run-redrive.ts');
  const queues = queue === undefined ? QUEUE_NAMES : [queue];
  const given = givenOptions(options);
  const isJson = options.json === true;
  await runRedrive(context, { mode, reason, maxLetters, queues, stackName, region, given, isJson, isYes });
}

const EXAMPLES = `
Examples:
  $ gatewatch redrive                                    the letters, by function and reason
  $ gatewatch redrive --apply                            try again what can be tried again
  $ gatewatch redrive --apply --queue parked             only metric data that was throttled
  $ gatewatch redrive --apply --queue alerts             messages that a receiver refused
  $ gatewatch redrive --discard --reason poison-payload  delete pointers that you looked at
  $ gatewatch redrive --iam --region eu-west-1           the permissions that it needs

The content of a letter is never printed. The ledger knows what was counted, so
a letter that is tried again twice counts once. A message that was refused is sent
as its incident is then. A dry run hides letters from
others while it looks, for two minutes at most. Reasons: docs/runbook.md#redrive.
Exit codes: 0 done; 2 wrong usage, AWS cannot be reached or denies something,
or a letter failed.`;

/** Adds `gatewatch redrive`. */
export function addRedriveCommand(program: Command, context: CommandContext): void {
  program
    .command('redrive')
    .summary('look through the dead letters of log batches, metric data and alerts, and try them again')
    .description(
      'Lists the dead letters of the ingest functions, of parked metric data and of alerts. What failed in an outage and messages that a receiver refused can be tried again; pointers to what can never be counted can only be deleted.',
    )
    .addOption(
      new Option('--dry-run', 'change nothing; this is the default').conflicts(['apply', 'discard', 'iam']),
    )
    .addOption(
      new Option('--apply', 'invoke the functions again, and delete the letters that they took').conflicts([
        'discard',
        'iam',
      ]),
    )
    .addOption(
      new Option('--discard', 'delete pointers and what is kept of refused messages').conflicts(['iam']),
    )
    .addOption(new Option('--iam', 'print the permissions that this command needs; needs no credentials'))
    .addOption(new Option('--queue <name>', 'only these dead letters').choices(QUEUE_NAMES))
    .option('--reason <reason>', 'only letters with this reason', parseReason)
    .option('--max <letters>', 'look at so many letters of a queue at most', parseMax, DEFAULT_MAX_LETTERS)
    .option('--stack <name>', 'the stack whose letters these are', parseStackName, DEFAULT_STACK)
    .option(
      '--region <name>',
      'Region of the stack (default: AWS_REGION, or that of the profile)',
      parseRegion,
    )
    .option('--json', 'print one JSON document (docs/runbook.md)')
    .option('--yes', 'do not ask before --apply or --discard')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(options, context));
}
