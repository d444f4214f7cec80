import { type Command, Option } from 'commander';
import picocolors from 'picocolors';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { parseIsoTime, parsePositive, parseRatio } from '#cli/commands/options.ts';
import { postMessages, readWebhookUrl } from '#cli/commands/post-messages.ts';
import { readJsonFile, readSample } from '#cli/commands/sample.ts';
import { UsageError } from '#cli/errors.ts';
import { findLogFiles, type LogFile } from '#cli/input/find-log-files.ts';
import { createProgress } from '#cli/progress.ts';
import { renderReplayText } from '#cli/render/replay-text.ts';
import { type ReplayOptions, replayLogs } from '#cli/replay/replay-logs.ts';
import type { ReplayReport } from '#cli/replay/report.ts';
import { InventoryError, parseInventory } from '#shared/config/inventory.ts';
import { isAtLeast } from '#shared/domain/detection/finding.ts';
import { defaultQuota } from '#shared/domain/headroom/quota.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

type Options = {
  readonly json?: true;
  readonly inventory?: string;
  readonly quotaRps?: number;
  readonly quotaBurst?: number;
  readonly region: string;
  readonly target: number;
  readonly since?: number;
  readonly until?: number;
  readonly post?: true;
  readonly failOn?: 'warning' | 'critical';
};

/** Shorter input is done before a bar would be read. */
const PROGRESS_FROM_BYTES = 20_000_000;

/** Access logs shrink about so much; the bundled sample does by 34. */
const GZIP_FACTOR = 20;

/** How much text there is to read, roughly. */
function estimateBytes({ name, bytes }: LogFile): number {
  return (bytes ?? 0) * (name.endsWith('.gz') ? GZIP_FACTOR : 1);
}

/** An account id for logs that belong to nobody in particular; it is the one of AWS's own examples. */
const REPLAY_ACCOUNT_ID = '123456789012';

async function readInventoryFile(path: string): Promise<InventoryItem[]> {
  try {
    return parseInventory(await readJsonFile(path));
  } catch (error) {
    if (error instanceof InventoryError) throw new UsageError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

type Source = Pick<ReplayOptions, 'files' | 'inventory' | 'quota' | 'account'>;

async function sampleSource(context: CommandContext): Promise<Source> {
  const { logFile, inventory, quota, account } = await readSample();
  note(
    context,
    'No file given: replaying the bundled sample, a synthetic day of an account with a small quota.',
  );
  return { files: await findLogFiles([logFile]), inventory, quota, account };
}

async function chooseSource(
  names: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<Source> {
  const { region } = options;
  const source =
    names.length === 0
      ? await sampleSource(context)
      : {
          files: await findLogFiles(names),
          inventory: [],
          quota: defaultQuota(region),
          account: { accountId: REPLAY_ACCOUNT_ID, region },
        };
  const inventory =
    options.inventory === undefined ? source.inventory : await readInventoryFile(options.inventory);
  const { rateRps, burst } = source.quota;
  return {
    ...source,
    inventory,
    quota: { rateRps: options.quotaRps ?? rateRps, burst: options.quotaBurst ?? burst },
  };
}

/** Says what went wrong with the input, and which result it leaves. */
function noteInput({ input, requests }: ReplayReport, context: CommandContext): void {
  for (const problem of input.unreadable) note(context, `error: ${problem}`);
  for (const { name, lines } of input.files) {
    if (lines === 0 && !input.unreadable.some((text) => text.startsWith(`${name}: `)))
      note(context, `warning: ${name} has no lines`);
  }
  const [first] = input.firstRejects;
  if (first !== undefined && requests.total === 0 && input.outsideRange === 0) {
    note(
      context,
      `warning: none of the lines is an access-log line that Gatewatch can read, ${first.file}:${first.line} is ${first.reason} (docs/log-formats.md)`,
    );
  }
}

function exitCodeOf({ input, findings }: ReplayReport, { failOn }: Options): number {
  if (input.unreadable.length > 0) return 2;
  return failOn !== undefined && findings.some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0;
}

async function run(names: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const webhookUrl = options.post === true ? readWebhookUrl(context.env) : null;
  const source = await chooseSource(names, options, context);
  const totalBytes = source.files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  const isLong = source.files.reduce((sum, file) => sum + estimateBytes(file), 0) >= PROGRESS_FROM_BYTES;
  const progress = createProgress(context.stderr, isLong);
  progress.start('reading   ', totalBytes);
  const report = await replayLogs({
    ...source,
    range: { sinceMs: options.since ?? 0, untilMs: options.until ?? Number.POSITIVE_INFINITY },
    availabilityTargetRatio: options.target,
    progress: {
      onBytes: progress.add,
      onEvaluate: (minutes) => progress.start('evaluating', minutes),
      onMinute: () => progress.add(1),
    },
  }).finally(progress.stop);
  const { columns, hasColors } = context;
  const output =
    options.json === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderReplayText(report, { colors: picocolors.createColors(hasColors), columns });
  context.stdout.write(output);
  noteInput(report, context);
  if (webhookUrl !== null) {
    await postMessages(report.messages, webhookUrl);
    note(context, `Posted ${report.messages.length} messages to Slack.`);
  }
  context.setExitCode(exitCodeOf(report, options));
}

const EXAMPLES = `
Examples:
  $ gatewatch replay                                    the bundled sample
  $ gatewatch replay access.log logs/ --quota-rps 2500  a file and a folder, another quota
  $ zcat export.gz | gatewatch replay - --json          standard input, for programs
  $ gatewatch replay access.log --fail-on critical      exit code 1 if it was that bad

Exit codes: 0 done, whatever was found; 1 with --fail-on; 2 wrong usage or unreadable input.`;

/** Adds `gatewatch replay`. */
export function addReplayCommand(program: Command, context: CommandContext): void {
  program
    .command('replay')
    .summary('replay access logs: what would Gatewatch have seen and said?')
    .description(
      'Runs access logs through the code of the deployed pipeline, on the clock of the log, and prints metrics, headroom, findings, incidents and Slack messages. Needs no AWS account and no network.',
    )
    .argument('[file...]', 'log files, plain or .gz, folders, or - for standard input')
    .option('--json', 'print one JSON document (docs/replay.md)')
    .option('--inventory <file>', 'JSON array of the stages: names, limits, log groups (docs/replay.md)')
    .option('--quota-rps <number>', 'rate of the account throttle, requests per second', parsePositive)
    .option('--quota-burst <number>', 'burst of the account throttle, requests', parsePositive)
    .option('--region <name>', 'Region of the logs; gives the quota its default', 'us-east-1')
    .option('--target <ratio>', 'share of requests that must not fail with 5xx', parseRatio, 0.999)
    .option('--since <time>', 'only requests from this ISO 8601 time on', parseIsoTime)
    .option('--until <time>', 'only requests before this ISO 8601 time', parseIsoTime)
    .option('--post', 'post the messages to the webhook in SLACK_WEBHOOK_URL')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 on such a finding').choices(['warning', 'critical']),
    )
    .addHelpText('after', EXAMPLES)
    .action((names: string[], options: Options) => run(names, options, context));
}
