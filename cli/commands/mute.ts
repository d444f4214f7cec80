import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommandContext, hideSdkWarning } from '#cli/commands/context.ts';
import { parseDuration, parseIsoTime } from '#cli/commands/options.ts';
import {
  DEFAULT_STACK,
  givenStackOptions,
  parseRegion,
  parseStackName,
  regionOf,
} from '#cli/commands/stack-options.ts';
import { UsageError } from '#cli/errors.ts';
import { mutePolicy } from '#cli/mutes/iam-policy.ts';
import { clean } from '#cli/render/terminal.ts';
import { MUTABLE_KINDS } from '#shared/domain/incidents/mutable-kinds.ts';
import type { MuteMatch } from '#shared/domain/incidents/mute.ts';

type Options = {
  readonly api?: string;
  readonly stage?: string;
  readonly kind?: string;
  readonly for?: number;
  readonly until?: number;
  readonly reason?: string;
  readonly iam?: true;
  readonly stack: string;
  readonly region?: string;
  readonly json?: true;
};

/** The name of an API in CloudFormation has 255 characters at most. */
const MAX_NAME_LENGTH = 255;
const MAX_REASON_LENGTH = 300;

function parseName(text: string): string {
  if (text.trim() !== '' && text.length <= MAX_NAME_LENGTH && clean(text) === text) return text;
  throw new InvalidArgumentError('Expected the id or the name of an API.');
}

function parseStage(text: string): string {
  if (/^[\w$.-]{1,128}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the name of a stage, such as prod or $default.');
}

function parseKind(text: string): string {
  if (MUTABLE_KINDS.includes(text)) return text;
  throw new InvalidArgumentError(`Expected one of ${MUTABLE_KINDS.join(', ')}.`);
}

function parseReason(text: string): string {
  const reason = text.trim();
  if (reason !== '' && reason.length <= MAX_REASON_LENGTH && clean(reason) === reason) return reason;
  throw new InvalidArgumentError(`Expected one line of 1 to ${MAX_REASON_LENGTH} characters.`);
}

function matchOf({ api, stage, kind }: Options): MuteMatch {
  if (api === undefined && stage === undefined && kind === undefined)
    throw new UsageError('Say what to mute: --api, --stage, --kind, or several of them');
  return {
    ...(api !== undefined && { api }),
    ...(stage !== undefined && { stage }),
    ...(kind !== undefined && { kind }),
  };
}

function endOf({ for: forMs, until: untilMs }: Options) {
  if (forMs !== undefined) return { forMs };
  if (untilMs !== undefined) return { untilMs };
  throw new UsageError('Say for how long: --for 2h, or --until with a time');
}

async function run(options: Options, context: CommandContext): Promise<void> {
  const { stack: stackName, reason } = options;
  const region = regionOf(options, context.env);
  if (options.iam === true) {
    if (options.json === true) throw new UsageError('--iam prints JSON');
    context.stdout.write(`${JSON.stringify(mutePolicy(region, stackName), null, 2)}\n`);
    return;
  }
  const match = matchOf(options);
  const end = endOf(options);
  if (reason === undefined)
    throw new UsageError('Say why: --reason "load test"; those who get no message want to know');
  hideSdkWarning(context);
  // Here and not above: the SDK takes time to load, and no other command needs it.
  const { runMute } = await import('#cli/mutes/run-mute.ts');
  const given = givenStackOptions(options);
  await runMute(context, { stackName, region, given, isJson: options.json === true, match, reason, end });
}

const EXAMPLES = `
Examples:
  $ gatewatch mute --api orders-api --for 2h --reason "load test"
  $ gatewatch mute --api orders-api --stage prod --kind latency \\
      --until 2026-11-26T18:00Z --reason "migration, OPS-12"
  $ gatewatch mute --kind throttling --for 30m --reason "known, quota is asked for"
  $ gatewatch mutes                              what is muted, and what was held back
  $ gatewatch mutes --end 3f9a2c1b               end one now

An incident is held back if all of its open findings match. What was held back is
counted, and told when the mute ends. Nothing is deleted, and findings go on.
Exit codes: 0 done; 2 wrong usage, AWS cannot be reached or denies something.`;

/** Adds `gatewatch mute`. */
export function addMuteCommand(program: Command, context: CommandContext): void {
  program
    .command('mute')
    .summary('send no messages about an API, a stage or a kind of finding for a while')
    .description(
      'Holds messages of the deployed stack back for a while: those about an API, a stage, a kind of finding, or what is all of it. Says what that is now, and what it held back when it ends (docs/mute.md).',
    )
    .option('--api <id or name>', 'mute this API', parseName)
    .option('--stage <name>', 'mute this stage, of all APIs unless --api names one', parseStage)
    .option('--kind <kind>', 'mute this kind of finding, or family such as headroom', parseKind)
    .addOption(
      new Option('--for <duration>', 'for so long, 30 days at most: 30m, 2h, 7d')
        .argParser(parseDuration)
        .conflicts('until'),
    )
    .option('--until <time>', 'until an ISO 8601 time, UTC without a zone', parseIsoTime)
    .option('--reason <text>', 'why; shown to those who ask, and when it ends', parseReason)
    .addOption(
      new Option('--iam', 'print the permissions that this command needs; needs no credentials').conflicts([
        'api',
        'stage',
        'kind',
        'for',
        'until',
        'reason',
      ]),
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
