import { type Command, Option } from 'commander';
import { createBlockWriter } from '#cli/commands/block-writer.ts';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { checkRange, findLogSources, type LogSourceOptions } from '#cli/commands/log-sources.ts';
import { noteSources } from '#cli/commands/note-input.ts';
import { parseLogGroupName, parseTimeOrAgo } from '#cli/commands/options.ts';
import { startProgress } from '#cli/commands/reading-progress.ts';
import { parseRegion } from '#cli/commands/stack-options.ts';
import { UsageError } from '#cli/errors.ts';
import { parseLogs } from '#cli/parse/parse-logs.ts';
import type { ParseSummary } from '#cli/parse/parse-summary.ts';
import { renderParseSummary } from '#cli/render/parse-text.ts';
import type { LogKind } from '#shared/domain/logs/joined/log-kind.ts';

type Options = LogSourceOptions & { readonly kind?: LogKind };

/** Where nothing could be read, the errors say all there is to say. */
function noteSummary(summary: ParseSummary, context: CommandContext): void {
  if (summary.linesRead === 0) return;
  context.stderr.write(renderParseSummary(summary));
  if (summary.written === 0 && summary.outsideRange === 0)
    note(
      context,
      'warning: none of the lines tells of a request that Gatewatch can read (docs/log-formats.md)',
    );
}

async function run(names: readonly string[], options: Options, context: CommandContext): Promise<void> {
  if (names.length === 0 && options.logGroup === undefined)
    throw new UsageError('nothing to parse: name files, folders, - for standard input, or --log-group');
  checkRange(options);
  const { sources, reading } = await findLogSources(names, options, context);
  const progress = startProgress(sources, context);
  const writer = createBlockWriter(context);
  const summary = await parseLogs({
    sources,
    kind: options.kind ?? null,
    range: { sinceMs: options.since ?? 0, untilMs: options.until ?? Number.POSITIVE_INFINITY },
    onRead: progress.add,
    write: (request) => writer.add(`${JSON.stringify(request)}\n`),
  }).finally(progress.stop);
  await writer.end();
  noteSources(summary, reading, context);
  noteSummary(summary, context);
  context.setExitCode(summary.unreadable.length > 0 ? 2 : 0);
}

const EXAMPLES = `
Examples:
  $ gatewatch parse access.log > requests.ndjson
  $ gatewatch parse access.log execution-logs/ | jq 'select(.status == 429) | .throttleLayer'
                                        the limit that refused each request
  $ gatewatch parse logs/ | jq 'select(.responseLatencyMs > 5000) | {route, responseLatencyMs}'
                                        what was slow
  $ zcat export.gz | gatewatch parse - --kind execution
  $ gatewatch parse --since 15m --log-group /aws/api-gateway/orders \\
      API-Gateway-Execution-Logs_a1b2c3d4e5/prod
                                        straight from CloudWatch Logs, which is only read

Exit codes: 0 done; 2 wrong usage or unreadable input.
Fields, limits and more examples: docs/parse.md.`;

/** Adds `gatewatch parse`. */
export function addParseCommand(program: Command, context: CommandContext): void {
  const nowMs = Date.now();
  const parseTime = (text: string): number => parseTimeOrAgo(text, nowMs);
  program
    .command('parse')
    .summary('make requests of access and execution logs, as one JSON object a line')
    .description(
      'Reads what API Gateway wrote and prints one JSON object per request, joined by request id where both kinds of logs are given; what could not be read stands on standard error. Paths and messages are for your eyes only: the output may hold personal data. Needs no AWS account and no network, except for --log-group.',
    )
    .argument(
      '[file...]',
      'log files or subscription payloads, plain or .gz, folders, or - for standard input',
    )
    .addOption(
      new Option('--kind <kind>', 'read only this kind of lines, and reject others').choices([
        'access',
        'execution',
      ]),
    )
    .option(
      '--log-group <name...>',
      'log groups of CloudWatch Logs to read; files come before it',
      parseLogGroupName,
    )
    .option(
      '--region <name>',
      'Region of the log groups (default: AWS_REGION, or that of the profile)',
      parseRegion,
    )
    .option(
      '--since <time>',
      'only requests from this time on: ISO 8601, or how long ago, such as 15m, 1h, 7d (default for --log-group: 1h)',
      parseTime,
    )
    .option('--until <time>', 'only requests before this time, in the same forms', parseTime)
    .option('--json', 'as of the other commands; what is printed is JSON in any case')
    .addHelpText('after', EXAMPLES)
    .action((names: string[], options: Options) => run(names, options, context));
}
