import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { UsageError } from '#cli/errors.ts';
import { whyUnreadable } from '#cli/input/find-log-files.ts';
import { parseInventory } from '#shared/config/inventory.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

const FOLDER = new URL('../../sample/', import.meta.url);

const DescriptionSchema = v.object({
  synthetic: v.literal(true),
  accountId: v.string(),
  region: v.string(),
  quotaRps: v.number(),
  quotaBurst: v.number(),
});

/** The day that comes with Gatewatch: a synthetic log, its inventory and quota. */
export type Sample = {
  readonly logFile: string;
  readonly inventory: readonly InventoryItem[];
  readonly quota: Quota;
  readonly account: { readonly accountId: string; readonly region: string };
};

/** Reads a JSON file. @throws {UsageError} Naming the file, if it cannot be read or is not JSON */
export async function readJsonFile(path: string | URL): Promise<unknown> {
  const name = path instanceof URL ? fileURLToPath(path) : path;
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${name}: ${whyUnreadable(cause)}`, { cause });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new UsageError(`${name}: is not JSON`, { cause });
  }
}

/** Reads the bundled sample. */
export async function readSample(): Promise<Sample> {
  const description = v.parse(DescriptionSchema, await readJsonFile(new URL('sample.json', FOLDER)));
  const { quotaRps, quotaBurst, accountId, region } = description;
  return {
    // Relative, because it is printed.
    logFile: relative(process.cwd(), fileURLToPath(new URL('access.jsonl.gz', FOLDER))),
    inventory: parseInventory(await readJsonFile(new URL('inventory.json', FOLDER))),
    quota: { rateRps: quotaRps, burst: quotaBurst },
    account: { accountId, region },
  };
}
