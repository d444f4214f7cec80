import { type CommandContext, note } from '#cli/commands/context.ts';
import {
  checkRange,
  findLogSources,
  type LogSourceOptions,
  type LogSources,
} from '#cli/commands/log-sources.ts';
import { readJsonFile, readSample } from '#cli/commands/sample.ts';
import { UsageError } from '#cli/errors.ts';
import type { ReplayOptions } from '#cli/replay/replay-logs.ts';
import { InventoryError, parseInventory } from '#shared/config/inventory.ts';
import {
  NO_NUMBERS,
  NO_READINGS,
  type QuotaNumbers,
  resolveQuota,
} from '#shared/domain/headroom/quota/quota-in-force.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** What says where the lines come from, and of which account. */
export type SourceOptions = LogSourceOptions & {
  readonly inventory?: string;
  readonly quotaRps?: number;
  readonly quotaBurst?: number;
};

/** What to replay. */
export type ReplayInput = LogSources & Pick<ReplayOptions, 'inventory' | 'quota' | 'account'>;

/** An account id for logs that belong to nobody in particular; it is the one of AWS's own examples. */
const REPLAY_ACCOUNT_ID = '123456789012';

const DEFAULT_REGION = 'us-east-1';

async function readInventoryFile(path: string): Promise<InventoryItem[]> {
  try {
    return parseInventory(await readJsonFile(path));
  } catch (error) {
    if (error instanceof InventoryError) throw new UsageError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What is replayed unless options say otherwise. */
type BaseInput = Omit<ReplayInput, 'quota'> & { readonly quota: QuotaNumbers };

async function sampleInput(context: CommandContext): Promise<BaseInput> {
  const { logFile, inventory, quota, account } = await readSample();
  const { sources, reading } = await findLogSources([logFile], {}, context);
  note(
    context,
    'No file given: replaying the bundled sample, a synthetic day of an account with a small quota.',
  );
  return { sources, reading, inventory, quota, account };
}

async function givenInput(
  names: readonly string[],
  options: SourceOptions,
  context: CommandContext,
): Promise<BaseInput> {
  const { sources, reading } = await findLogSources(names, options, context);
  const region = reading?.region ?? options.region ?? DEFAULT_REGION;
  return {
    sources,
    inventory: [],
    quota: NO_NUMBERS,
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
  checkRange(options);
  const { quotaRps, quotaBurst } = options;
  const isSample = names.length === 0 && options.logGroup === undefined;
  const input = isSample ? await sampleInput(context) : await givenInput(names, options, context);
  const inventory =
    options.inventory === undefined ? input.inventory : await readInventoryFile(options.inventory);
  const { quota, account } = input;
  const override = { rateRps: quotaRps ?? quota.rateRps, burst: quotaBurst ?? quota.burst };
  // A log does not tell its account's quota, and nobody is asked.
  const inForce = resolveQuota({ override, readings: NO_READINGS, region: account.region });
  return { ...input, inventory, quota: inForce };
}
