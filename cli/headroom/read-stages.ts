import type { AwsPorts } from '#cli/aws-clients.ts';
import { explainAwsError, isDenied } from '#cli/aws-errors.ts';
import { type DeployedStack, readDeployedStack } from '#cli/setup/stack.ts';
import type { ReadInventory } from '#shared/application/inventory-ports.ts';
import { createListStages } from '#shared/application/list-stages.ts';
import type { Now } from '#shared/application/ports.ts';
import type { ReportStep } from '#shared/application/report-step.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';
import { defaultIntegrationTimeoutMs, type InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Where the permissions of the command are. */
export const PERMISSIONS = 'gatewatch headroom --iam prints the permissions that are needed';

/** Says something about what could not be read; what is read goes on without it. */
export type Tell = (words: string) => void;

const MINUTE_MS = 60_000;

/** How long stages are taken as they were read: from the table fast and cheap, from API Gateway at two calls a second. */
const TABLE_MS = 5 * MINUTE_MS;
const LISTING_MS = 30 * MINUTE_MS;

/** What there is to read without which there is still something to see; `null` where AWS denies it. */
async function unlessDenied<T>(reading: Promise<T>, instead: string, tell: Tell): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (!isDenied(error)) throw error;
    const explained = explainAwsError(error, PERMISSIONS);
    tell(`${explained instanceof Error ? explained.message : String(explained)}. ${instead}`);
    return null;
  }
}

/** Reads the stack, if there is one that can be read. */
export async function readStackIfAllowed(
  { readStack }: AwsPorts,
  name: string,
  tell: Tell,
): Promise<DeployedStack | null> {
  return unlessDenied(readDeployedStack(readStack, name), 'Stages are read from API Gateway instead.', tell);
}

async function readTable({ listInventory }: AwsPorts, stack: DeployedStack | null, tell: Tell) {
  if (stack?.status !== 'deployed') return null;
  const instead = 'Stages are read from API Gateway instead.';
  const listing = await unlessDenied(listInventory(stack.inventoryTableName), instead, tell);
  const unreadable = listing?.unreadableKeys.length ?? 0;
  if (unreadable > 0) tell(`${formatAmount(unreadable, 'inventory item')} cannot be read and is left out`);
  return listing;
}

async function listStages({ apiGateway }: AwsPorts, reportStep: ReportStep): Promise<InventoryItem[]> {
  const { stages } = await createListStages({ apiGateway, reportStep })([]);
  return stages.map((stage) => ({
    ...stage,
    integrationTimeoutMs: defaultIntegrationTimeoutMs(stage.apiType),
  }));
}

type Dependencies = {
  readonly aws: AwsPorts;
  /** `null` if nobody may read it. */
  readonly stack: DeployedStack | null;
  readonly reportStep: ReportStep;
  readonly tell: Tell;
  readonly now: Now;
};

/** Reads all stages: those of the stack's inventory if it is deployed, else from API Gateway; kept for some minutes. */
export function createReadStages({ aws, stack, reportStep, tell, now }: Dependencies): ReadInventory {
  let kept: { readonly items: readonly InventoryItem[]; readonly untilMs: number } | null = null;
  return async () => {
    const nowMs = now().getTime();
    if (kept !== null && nowMs < kept.untilMs) return kept.items;
    const listing = await readTable(aws, stack, tell);
    // An empty table is one that is just being filled.
    const isKnown = listing !== null && listing.items.length > 0;
    const items = isKnown ? listing.items : await listStages(aws, reportStep);
    kept = { items, untilMs: nowMs + (isKnown ? TABLE_MS : LISTING_MS) };
    return items;
  };
}
