import { explainAwsError } from '#cli/aws-errors.ts';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { readJsonFile, readSample } from '#cli/commands/sample.ts';
import { UsageError } from '#cli/errors.ts';
import { findLogFiles } from '#cli/input/find-log-files.ts';
import { createLogGroupSource, type LogGroupReading } from '#cli/input/log-group-source.ts';
import { createFileSource } from '#cli/input/read-log-file.ts';
import type { EventSource } from '#cli/input/source-event.ts';
import type { ReplayOptions } from '#cli/replay/replay-logs.ts';
import type { TimeRange } from '#shared/application/ports.ts';
import { InventoryError, parseInventory } from '#shared/config/inventory.ts';
import { defaultQuota } from '#shared/domain/headroom/quota.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** What says where the lines come from. Times are epoch milliseconds. */
export type SourceOptions = {
  readonly inventory?: string;
  readonly logGroup?: readonly string[];
  readonly quotaRps?: number;
  readonly quotaBurst?: number;
  readonly region?: string;
  readonly since?: number;
  readonly until?: number;
};

/** What to replay, and how log groups are read if there are any. */
export type ReplayInput = Pick<ReplayOptions, 'sources' | 'inventory' | 'quota' | 'account'> & {
  readonly reading: LogGroupReading | null;
};

/** An account id for logs that belong to nobody in particular; it is the one of AWS's own examples. */
const REPLAY_ACCOUNT_ID = '123456789012';

const DEFAULT_REGION = 'us-east-1';

/** How far back log groups are read if nobody says so. */
const DEFAULT_SINCE_MS = 60 * 60_000;

async function readInventoryFile(path: string): Promise<InventoryItem[]> {
  try {
    return parseInventory(await readJsonFile(path));
  } catch (error) {
    if (error instanceof InventoryError) throw new UsageError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function findFiles(names: readonly string[]): Promise<EventSource[]> {
  return (await findLogFiles(names)).map(createFileSource);
}

async function sampleInput(context: CommandContext): Promise<ReplayInput> {
  const { logFile, inventory, quota, account } = await readSample();
  note(
    context,
    'No file given: replaying the bundled sample, a synthetic day of an account with a small quota.',
  );
  return { sources: await findFiles([logFile]), inventory, quota, account, reading: null };
}

/** The time that log groups are read for: it must have an end, and a beginning to pay for. */
function rangeOf({ since, until }: SourceOptions, context: CommandContext): TimeRange {
  const toMs = until ?? Date.now();
  const fromMs = since ?? Math.max(0, toMs - DEFAULT_SINCE_MS);
  if (fromMs >= toMs) throw new UsageError('--since is in the future: log groups hold nothing of that time');
  if (since === undefined)
    note(context, `No --since: reading one hour of the log groups, from ${new Date(fromMs).toISOString()}.`);
  return { fromMs, toMs };
}

async function connect(options: SourceOptions, context: CommandContext): Promise<LogGroupReading | null> {
  if (options.logGroup === undefined) return null;
  const range = rangeOf(options, context);
  try {
    // Only now: the SDK takes its time to load.
    const { connectLogEvents } = await import('#cli/aws-clients.ts');
    return { ...(await connectLogEvents(options.region)), range };
  } catch (error) {
    throw explainAwsError(error);
  }
}

async function givenInput(
  names: readonly string[],
  options: SourceOptions,
  context: CommandContext,
): Promise<ReplayInput> {
  const files = await findFiles(names);
  const reading = await connect(options, context);
  // In an order of their own, so that the report does not depend on that of the options.
  const groupNames = [...new Set(options.logGroup ?? [])].sort();
  const groups = reading === null ? [] : groupNames.map((name) => createLogGroupSource(name, reading));
  const region = reading?.region ?? options.region ?? DEFAULT_REGION;
  return {
    sources: [...files, ...groups],
    inventory: [],
    quota: defaultQuota(region),
    account: { accountId: REPLAY_ACCOUNT_ID, region },
    reading,
  };
}

/**
 * Finds what a command line asks to replay: files, log groups, or the bundled sample if it names neither.
 *
 * @throws {UsageError} If a file or folder is not there, the times leave nothing, or AWS cannot be asked
 */
export async function chooseInput(
  names: readonly string[],
  options: SourceOptions,
  context: CommandContext,
): Promise<ReplayInput> {
  const { since = 0, until = Number.POSITIVE_INFINITY, quotaRps, quotaBurst } = options;
  if (since >= until) throw new UsageError('--since must be before --until');
  const isSample = names.length === 0 && options.logGroup === undefined;
  const input = isSample ? await sampleInput(context) : await givenInput(names, options, context);
  const inventory =
    options.inventory === undefined ? input.inventory : await readInventoryFile(options.inventory);
  const { rateRps, burst } = input.quota;
  return { ...input, inventory, quota: { rateRps: quotaRps ?? rateRps, burst: quotaBurst ?? burst } };
}
