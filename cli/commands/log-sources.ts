import { explainAwsError } from '#cli/aws-errors.ts';
import { type CommandContext, hideSdkWarning, note } from '#cli/commands/context.ts';
import { regionOf } from '#cli/commands/stack-options.ts';
import { UsageError } from '#cli/errors.ts';
import { findLogFiles } from '#cli/input/find-log-files.ts';
import { createLogGroupSource, type LogGroupReading } from '#cli/input/log-group-source.ts';
import { createFileSource } from '#cli/input/read-log-file.ts';
import type { EventSource } from '#cli/input/source-event.ts';
import type { TimeRange } from '#shared/application/ports.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

/** What says where the lines come from. Times are epoch milliseconds. */
export type LogSourceOptions = {
  readonly logGroup?: readonly string[];
  readonly region?: string;
  readonly since?: number;
  readonly until?: number;
};

/** Where the lines come from, and how log groups are read if there are any. */
export type LogSources = {
  readonly sources: readonly EventSource[];
  readonly reading: LogGroupReading | null;
};

/** How far back log groups are read if nobody says so. */
const DEFAULT_SINCE_MS = 60 * 60_000;

/** A folder may hold payloads under another name, and nobody must believe that they were read. */
function noteLeftOut([first, ...more]: readonly string[], context: CommandContext): void {
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` and ${formatAmount(more.length, 'other file')}`;
  note(context, `Left out ${first}${others}: not called like logs; name a file to have it read.`);
}

/** The files behind names of files and folders, as sources. */
async function findFiles(names: readonly string[], context: CommandContext): Promise<EventSource[]> {
  const { files, leftOut } = await findLogFiles(names);
  noteLeftOut(leftOut, context);
  return files.map(createFileSource);
}

/** The time that log groups are read for: it must have an end, and a beginning to pay for. */
function rangeOf({ since, until }: LogSourceOptions, context: CommandContext): TimeRange {
  const toMs = until ?? Date.now();
  const fromMs = since ?? Math.max(0, toMs - DEFAULT_SINCE_MS);
  if (fromMs >= toMs) throw new UsageError('--since is in the future: log groups hold nothing of that time');
  if (since === undefined)
    note(context, `No --since: reading one hour of the log groups, from ${new Date(fromMs).toISOString()}.`);
  return { fromMs, toMs };
}

async function connect(options: LogSourceOptions, context: CommandContext): Promise<LogGroupReading | null> {
  if (options.logGroup === undefined) return null;
  const range = rangeOf(options, context);
  hideSdkWarning(context);
  try {
    // Only now: the SDK takes its time to load.
    const { connectLogEvents } = await import('#cli/aws-clients.ts');
    return { ...(await connectLogEvents(regionOf(options, context.env))), range };
  } catch (error) {
    throw explainAwsError(error);
  }
}

/** @throws {UsageError} If no time can be between them */
export function checkRange({ since = 0, until = Number.POSITIVE_INFINITY }: LogSourceOptions): void {
  if (since >= until) throw new UsageError('--since must be before --until');
}

/**
 * Finds what a command line asks to read: files, and log groups after them.
 *
 * @throws {UsageError} If a file or folder is not there, the times leave nothing, or AWS cannot be asked
 */
export async function findLogSources(
  names: readonly string[],
  options: LogSourceOptions,
  context: CommandContext,
): Promise<LogSources> {
  const files = await findFiles(names, context);
  const reading = await connect(options, context);
  // In an order of their own, so that the report does not depend on that of the options.
  const groupNames = [...new Set(options.logGroup ?? [])].sort();
  const groups = reading === null ? [] : groupNames.map((name) => createLogGroupSource(name, reading));
  return { sources: [...files, ...groups], reading };
}
