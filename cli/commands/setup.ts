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
import { setupPolicy } from '#cli/setup/iam-policy.ts';
import { CHANGE_LANGUAGES, type ChangeLanguage } from '#shared/domain/logging/change-language.ts';

type Options = {
  readonly dryRun?: true;
  readonly apply?: true;
  readonly remove?: true;
  readonly iam?: true;
  readonly stack: string;
  readonly region?: string;
  readonly api?: readonly string[];
  readonly print?: ChangeLanguage;
  readonly json?: true;
  readonly yes?: true;
};

function addApi(text: string, ids: readonly string[] = []): readonly string[] {
  if (/^[A-Za-z0-9]{1,64}$/.test(text)) return [...ids, text];
  throw new InvalidArgumentError('Expected the id of an API, such as a1b2c3d4e5.');
}

/** What a next command has to repeat to be about the same; all of it was checked and needs no quotes. */
function givenOptions({ api = [], ...options }: Options): string[] {
  return [...givenStackOptions(options), ...api.flatMap((id) => ['--api', id])];
}

function modeOf({ apply, remove }: Options): 'apply' | 'remove' | 'dry-run' {
  if (apply === true) return 'apply';
  return remove === true ? 'remove' : 'dry-run';
}

async function runWithAws(options: Options, context: CommandContext): Promise<void> {
  const mode = modeOf(options);
  const isYes = options.yes === true;
  if (mode !== 'dry-run') requireAnswer(context, isYes, `--${mode}`);
  hideSdkWarning(context);
  // Here and not above: the SDK takes time to load, and no other command needs it.
  const { runSetup } = await import('#cli/setup/run-setup.ts');
  await runSetup(context, {
    mode,
    region: regionOf(options, context.env),
    stackName: options.stack,
    apiIds: options.api ?? [],
    given: givenOptions(options),
    print: options.print ?? null,
    isJson: options.json === true,
    isYes,
  });
}

async function run(options: Options, context: CommandContext): Promise<void> {
  if (options.iam !== true) return runWithAws(options, context);
  if (options.json === true || options.yes === true)
    throw new UsageError('--iam prints JSON and changes nothing');
  const policy = setupPolicy(regionOf(options, context.env), options.stack);
  context.stdout.write(`${JSON.stringify(policy, null, 2)}\n`);
}

const EXAMPLES = `
Examples:
  $ gatewatch setup                                 what is logged, missing, and would cost
  $ gatewatch setup --print terraform > logging.tf  the suggested changes, for a file
  $ gatewatch setup --api a1b2c3d4e5 --json         one API, for programs
  $ gatewatch setup --apply --stack gatewatch-prod  make Gatewatch's own subscription filters
  $ gatewatch setup --iam --region cn-north-1       the permissions, in the Region's partition

It never edits a stage. Credentials, Region and endpoint are the SDK's:
AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.
Exit codes: 0 done; 2 wrong usage, AWS cannot be reached or denies something,
or a filter could not be changed.`;

/** Adds `gatewatch setup`. */
export function addSetupCommand(program: Command, context: CommandContext): void {
  program
    .command('setup')
    .summary('say what the stages of an account log and lack, and make the subscription filters')
    .description(
      'Reads all stages of the Region and says what Gatewatch gets out of their logs, what is missing and what it costs. Changes of stages are only printed.',
    )
    .addOption(
      new Option('--dry-run', 'change nothing; this is the default').conflicts(['apply', 'remove', 'iam']),
    )
    .addOption(
      new Option('--apply', "make Gatewatch's subscription filters, and nothing else").conflicts([
        'remove',
        'iam',
        'print',
      ]),
    )
    .addOption(
      new Option('--remove', "take Gatewatch's subscription filters away").conflicts(['iam', 'print']),
    )
    .addOption(
      new Option('--iam', 'print the permissions that this command needs; needs no credentials').conflicts([
        'print',
      ]),
    )
    .option('--stack <name>', 'the stack whose filters these are', parseStackName, DEFAULT_STACK)
    .option(
      '--region <name>',
      'Region of the stages (default: AWS_REGION, or that of the profile)',
      parseRegion,
    )
    .option('--api <id>', 'only this API; may be repeated', addApi)
    .addOption(
      new Option('--print <language>', 'print just the suggested changes of stages').choices(
        CHANGE_LANGUAGES,
      ),
    )
    .option('--json', 'print one JSON document (docs/setup.md)')
    .option('--yes', 'do not ask before --apply or --remove')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(options, context));
}
