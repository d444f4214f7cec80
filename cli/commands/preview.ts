import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommandContext, hideSdkWarning } from '#cli/commands/context.ts';
import { DEFAULT_STACK, parseRegion, parseStackName, regionOf } from '#cli/commands/stack-options.ts';
import { UsageError } from '#cli/errors.ts';
import { EXAMPLES } from '#cli/preview/examples.ts';
import { PREVIEW_STATES, type PreviewState } from '#cli/preview/play-example.ts';
import type { PreviewReceiver } from '#cli/preview/play-states.ts';
import { PREVIEW_FORMATS, type PreviewFormat, runPreview } from '#cli/preview/run-preview.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';

type Options = {
  readonly list?: true;
  readonly state: PreviewState;
  readonly file?: string;
  readonly story?: string;
  readonly all?: true;
  readonly stack: string;
  readonly region?: string;
  readonly receiver: PreviewReceiver;
  readonly repeat?: true;
  readonly runbookUrl?: string;
  readonly format: PreviewFormat;
  readonly out?: string;
  readonly json?: true;
};

function parseUrl(text: string): string {
  if (/^https?:\/\/[!-~]{1,500}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a web address.');
}

/** How the incidents of a stack are read, if they are asked for; the SDK is loaded only then. */
function storedReader(
  options: Options,
  context: CommandContext,
): (() => Promise<readonly Incident[]>) | null {
  const { story, all, stack: stackName } = options;
  if (story === undefined && all !== true) return null;
  hideSdkWarning(context);
  return async () => {
    const { readStoredIncidents } = await import('#cli/preview/read-stored.ts');
    return readStoredIncidents({
      stackName,
      region: regionOf(options, context.env),
      storyKey: story ?? null,
    });
  };
}

function listExamples({ stdout }: CommandContext, isJson: boolean): void {
  if (isJson) {
    const examples = EXAMPLES.map(({ name, summary, severity }) => ({ name, summary, severity }));
    stdout.write(`${JSON.stringify({ schemaVersion: 1, examples }, null, 2)}\n`);
    return;
  }
  const width = Math.max(...EXAMPLES.map(({ name }) => name.length));
  stdout.write(EXAMPLES.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join(''));
}

async function run(names: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const isJson = options.json === true;
  if (options.list === true) {
    listExamples(context, isJson);
    return;
  }
  const readStored = storedReader(options, context);
  if (names.length > 0 && (options.file !== undefined || readStored !== null))
    throw new UsageError('Names are those of examples: leave them out with --file, --story and --all');
  await runPreview(context, {
    names,
    state: options.state,
    file: options.file ?? null,
    readStored,
    receiver: options.receiver,
    isRepeat: options.repeat === true,
    runbookUrl: options.runbookUrl ?? null,
    format: options.format,
    out: options.out ?? null,
    isJson,
  });
}

const HELP = `
Examples:
  $ gatewatch preview account-exhausted --state closed   a message and its thread
  $ gatewatch preview --format html --out messages.html  all of them, as Slack shows them
  $ gatewatch preview errors --format slack              to paste into Block Kit Builder
  $ gatewatch preview --all --stack gatewatch-prod       what is open now
  $ gatewatch preview --file incident.json               an incident or a finding

Only --story and --all ask AWS for anything; nothing is sent to anybody.
Exit codes: 0 done; 2 wrong usage, a file cannot be read, AWS cannot be reached
or denies something.`;

/** Adds `gatewatch preview`. */
export function addPreviewCommand(program: Command, context: CommandContext): void {
  program
    .command('preview')
    .summary('show messages without sending them')
    .description(
      'Renders example incidents, or stored ones, as the messages that Slack and mail would get (docs/messages.md).',
    )
    .argument('[example...]', 'examples to show (default: all)')
    .option('--list', 'list the examples')
    .addOption(
      new Option('--state <state>', 'how far an example is played').choices(PREVIEW_STATES).default('opened'),
    )
    .addOption(
      new Option('--file <path>', 'an incident or finding as it is stored or sent, or a list').conflicts([
        'story',
        'all',
      ]),
    )
    .addOption(
      new Option('--story <key>', 'the newest incident of a story of the deployed stack').conflicts('all'),
    )
    .option('--all', 'the incidents of the deployed stack that are open or still to be told')
    .option('--stack <name>', 'the stack that sends the messages', parseStackName, DEFAULT_STACK)
    .option(
      '--region <name>',
      'Region of the stack (default: AWS_REGION, or that of the profile)',
      parseRegion,
    )
    .addOption(
      new Option('--receiver <kind>', 'a bot edits and answers in threads; a webhook only posts')
        .choices(['bot', 'webhook'])
        .default('bot'),
    )
    .option('--repeat', 'marked as one that may have come before')
    .option('--runbook-url <url>', 'page where docs/runbook.md is read, for a button', parseUrl)
    .addOption(new Option('--format <format>', 'what to print').choices(PREVIEW_FORMATS).default('text'))
    .option('--out <path>', 'write to a file')
    .addOption(new Option('--json', 'print one JSON document (docs/messages.md)').conflicts('format'))
    .addHelpText('after', HELP)
    .action((names: string[], options: Options) => run(names, options, context));
}
