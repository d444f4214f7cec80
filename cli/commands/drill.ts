import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommandContext, hideSdkWarning } from '#cli/commands/context.ts';
import { parseDuration } from '#cli/commands/options.ts';
import {
  DEFAULT_STACK,
  givenStackOptions,
  parseRegion,
  parseStackName,
  regionOf,
} from '#cli/commands/stack-options.ts';
import { drillPolicy } from '#cli/drill/iam-policy.ts';
import { UsageError } from '#cli/errors.ts';

type Options = {
  readonly severity: 'warning' | 'critical';
  readonly timeout: number;
  readonly close?: string;
  readonly iam?: true;
  readonly stack: string;
  readonly region?: string;
  readonly json?: true;
};

const DEFAULT_TIMEOUT_MS = 120_000;
const MAX_TIMEOUT_MS = 3_600_000;

/** Whole seconds without a unit, else as {@link parseDuration} reads it. */
function parseTimeout(text: string): number {
  const ms = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  if (ms <= MAX_TIMEOUT_MS) return ms;
  throw new InvalidArgumentError('Expected at most 1h.');
}

function parseId(text: string): string {
  if (/^[\w-]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the id of a drill, as its message and its report say it.');
}

async function run(options: Options, context: CommandContext): Promise<void> {
  const { stack: stackName, severity, timeout: timeoutMs, close: closeId = null } = options;
  const region = regionOf(options, context.env);
  const isJson = options.json === true;
  if (options.iam === true) {
    if (isJson) throw new UsageError('--iam prints JSON');
    context.stdout.write(`${JSON.stringify(drillPolicy(region, stackName), null, 2)}\n`);
    return;
  }
  hideSdkWarning(context);
  // Here and not above: the SDK takes time to load, and no other command needs it.
  const { runDrillCommand } = await import('#cli/drill/run-drill-command.ts');
  const given = givenStackOptions(options);
  await runDrillCommand(context, { severity, timeoutMs, closeId, stackName, region, given, isJson });
}

const EXAMPLES = `
Examples:
  $ gatewatch drill                        a warning, marked as a drill
  $ gatewatch drill --severity critical    as loud as it gets: it mentions whom you configured
  $ gatewatch drill --json --timeout 5m    for a schedule of your own
  $ gatewatch drill --iam                  the permissions that it needs

People see two messages that say that they are a drill. Ctrl-C closes the incident
first; a second one does not wait for that.
Exit codes: 0 every hop came; 1 one did not, or the drill was interrupted; 2 wrong
usage, AWS cannot be reached or denies something.`;

/** Adds `gatewatch drill`. */
export function addDrillCommand(program: Command, context: CommandContext): void {
  program
    .command('drill')
    .summary('send a marked test incident through the deployed alerting, and time each hop')
    .description(
      'Puts a finding that says that it is a drill on the bus of the deployed stack, waits until every receiver was told, closes it, and says how long each hop took (docs/drill.md).',
    )
    .addOption(
      new Option('--severity <severity>', 'how bad the drill pretends to be')
        .choices(['warning', 'critical'])
        .default('warning'),
    )
    .addOption(
      new Option('--timeout <duration>', 'how long the opening may take, and the closing: 120, 5m')
        .argParser(parseTimeout)
        .default(DEFAULT_TIMEOUT_MS, '120 s'),
    )
    .option('--close <id>', 'close a drill that was left open, and make none', parseId)
    .addOption(
      new Option('--iam', 'print the permissions that this command needs; needs no credentials').conflicts(
        'close',
      ),
    )
    .option('--stack <name>', 'the stack to test', parseStackName, DEFAULT_STACK)
    .option(
      '--region <name>',
      'Region of the stack (default: AWS_REGION, or that of the profile)',
      parseRegion,
    )
    .option('--json', 'print one JSON document (docs/drill.md)')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(options, context));
}
