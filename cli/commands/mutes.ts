import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommandContext, hideSdkWarning } from '#cli/commands/context.ts';
import {
  DEFAULT_STACK,
  givenStackOptions,
  parseRegion,
  parseStackName,
  regionOf,
} from '#cli/commands/stack-options.ts';
import { UsageError } from '#cli/errors.ts';
import { mutePolicy } from '#cli/mutes/iam-policy.ts';

type Options = {
  readonly end?: string;
  readonly iam?: true;
  readonly stack: string;
  readonly region?: string;
  readonly json?: true;
};

function parseId(text: string): string {
  if (/^[\w-]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the id of a mute, as gatewatch mutes lists them.');
}

async function run(options: Options, context: CommandContext): Promise<void> {
  const { stack: stackName, end: endId = null } = options;
  const region = regionOf(options, context.env);
  const isJson = options.json === true;
  if (options.iam === true) {
    if (isJson) throw new UsageError('--iam prints JSON');
    context.stdout.write(`${JSON.stringify(mutePolicy(region, stackName), null, 2)}\n`);
    return;
  }
  hideSdkWarning(context);
  // Here and not above: the SDK takes time to load, and no other command needs it.
  const { runMutes } = await import('#cli/mutes/run-mutes.ts');
  await runMutes(context, { stackName, region, given: givenStackOptions(options), isJson, endId });
}

const EXAMPLES = `
Examples:
  $ gatewatch mutes                       what is muted, and what was held back so far
  $ gatewatch mutes --end 3f9a2c1b        end one now

gatewatch mute adds one.
Exit codes: 0 done; 2 wrong usage, there is no such mute, AWS cannot be reached
or denies something.`;

/** Adds `gatewatch mutes`. */
export function addMutesCommand(program: Command, context: CommandContext): void {
  program
    .command('mutes')
    .summary('list what is muted and what was held back, or end a mute')
    .description(
      'Lists the mutes of the deployed stack that are active, with what they held back so far (docs/mute.md).',
    )
    .option('--end <id>', 'end this one now', parseId)
    .addOption(
      new Option('--iam', 'print the permissions that this command needs; needs no credentials').conflicts(
        'end',
      ),
    )
    .option('--stack <name>', 'the stack that sends the messages', parseStackName, DEFAULT_STACK)
    .option(
      '--region <name>',
      'Region of the stack (default: AWS_REGION, or that of the profile)',
      parseRegion,
    )
    .option('--json', 'print one JSON document (docs/mute.md)')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(options, context));
}
