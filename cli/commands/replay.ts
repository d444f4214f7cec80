import { type Command, Option } from 'commander';
import picocolors from 'picocolors';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { noteInput } from '#cli/commands/note-input.ts';
import { parseLogGroupName, parsePositive, parseRatio, parseTimeOrAgo } from '#cli/commands/options.ts';
import { postMessages, readWebhookUrl } from '#cli/commands/post-messages.ts';
import { startProgress } from '#cli/commands/reading-progress.ts';
import { chooseInput, type SourceOptions } from '#cli/commands/replay-sources.ts';
import { parseRegion } from '#cli/commands/stack-options.ts';
import { renderReplayText } from '#cli/render/replay-text.ts';
import { replayLogs } from '#cli/replay/replay-logs.ts';
import type { ReplayReport } from '#cli/replay/report.ts';
import { isAtLeast } from '#shared/domain/detection/finding.ts';

type Options = SourceOptions & {
  readonly json?: true;
  readonly target: number;
  readonly post?: true;
  readonly failOn?: 'warning' | 'critical';
};

function exitCodeOf({ input, findings }: ReplayReport, { failOn }: Options): number {
  if (input.unreadable.length > 0) return 2;
  return failOn !== undefined && findings.some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0;
}

/** Where AWS refused everything, the errors say all there is to say. */
function isRefused({ input }: ReplayReport): boolean {
  return input.files.length === 0 && input.linesRead === 0 && input.unreadable.length > 0;
}

function print(
  report: ReplayReport,
  { json }: Options,
  { stdout, columns, hasColors }: CommandContext,
): void {
  if (json === true) stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (!isRefused(report))
    stdout.write(renderReplayText(report, { colors: picocolors.createColors(hasColors), columns }));
}

async function run(names: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const webhookUrl = options.post === true ? readWebhookUrl(context.env) : null;
  const { reading, ...input } = await chooseInput(names, options, context);
  const progress = startProgress(input.sources, context);
  const report = await replayLogs({
    ...input,
    range: { sinceMs: options.since ?? 0, untilMs: options.until ?? Number.POSITIVE_INFINITY },
    availabilityTargetRatio: options.target,
    progress: {
      onRead: progress.add,
      onEvaluate: (minutes) => progress.start('evaluating', minutes),
      onMinute: () => progress.add(1),
    },
  }).finally(progress.stop);
  print(report, options, context);
  noteInput(report, reading, context);
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
  $ gatewatch replay payloads.json.gz                   payloads of Lambda, Kinesis or Firehose
  $ gatewatch replay --log-group /aws/api-gateway/orders /aws/api-gateway/users --since 2h
                                        straight from CloudWatch Logs, which is only read

Exit codes: 0 done, whatever was found; 1 with --fail-on, if there was such a
finding; 2 wrong usage or unreadable input.`;

/** Adds `gatewatch replay`. */
export function addReplayCommand(program: Command, context: CommandContext): void {
  const nowMs = Date.now();
  const parseTime = (text: string): number => parseTimeOrAgo(text, nowMs);
  program
    .command('replay')
    .summary('replay logs: what would Gatewatch have seen and said?')
    .description(
      'Runs access and execution logs through the code of the deployed pipeline, on the clock of the log, and prints metrics, headroom, findings, incidents and Slack messages. Needs no AWS account and no network, except for --log-group.',
    )
    .argument(
      '[file...]',
      'log files or subscription payloads, plain or .gz, folders, or - for standard input',
    )
    .option(
      '--log-group <name...>',
      'log groups of CloudWatch Logs to read; files come before it',
      parseLogGroupName,
    )
    .option('--json', 'print one JSON document (docs/replay.md)')
    .option('--inventory <file>', 'JSON array of the stages: names, limits, log groups (docs/replay.md)')
    .option('--quota-rps <number>', 'rate of the account throttle, requests per second', parsePositive)
    .option('--quota-burst <number>', 'burst of the account throttle, requests', parsePositive)
    .option(
      '--region <name>',
      'Region of the logs; gives the quota its default (default: us-east-1; for --log-group AWS_REGION, or that of the profile)',
      parseRegion,
    )
    .option('--target <ratio>', 'share of requests that must not fail with 5xx', parseRatio, 0.999)
    .option(
      '--since <time>',
      'only requests from this time on: ISO 8601, or how long ago, such as 15m, 1h, 7d (default for --log-group: 1h)',
      parseTime,
    )
    .option('--until <time>', 'only requests before this time, in the same forms', parseTime)
    .option('--post', 'post the messages to the webhook in SLACK_WEBHOOK_URL')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 on such a finding').choices(['warning', 'critical']),
    )
    .addHelpText('after', EXAMPLES)
    .action((names: string[], options: Options) => run(names, options, context));
}
