import type { Subscriptions } from '#shared/application/keep-subscriptions.ts';
import type { Api, ApiGateway, DescribedStage, InventoryStore } from '#shared/application/ports.ts';
import { isSameItem } from '#shared/domain/inventory/same-item.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** API Gateway did not tell about one API; the message is its id, the cause is why. */
export class UnreadableApiError extends Error {
  override readonly name = 'UnreadableApiError';
}

/** What one run works on. */
export type Visit = {
  readonly apiGateway: ApiGateway;
  readonly inventory: InventoryStore;
  /** `null` where people keep the filters themselves. */
  readonly subscriptions: Subscriptions | null;
  /** The stored items by the key of their stage; follows every write. */
  readonly items: Map<string, InventoryItem>;
};

function isDeployed(stage: DescribedStage, known: InventoryItem | undefined): boolean {
  return known?.deploymentId === undefined || known.deploymentId !== stage.deploymentId;
}

/** The definition of an API is large and changes with a deploy only: until then the known timeout stands. */
async function describeStages({ apiGateway, items }: Visit, api: Api): Promise<InventoryItem[]> {
  const stages = await apiGateway.readStages(api);
  const known = new Map(stages.map((stage) => [stage, items.get(stageKey(stage))]));
  const mustRead = stages.some((stage) => isDeployed(stage, known.get(stage)));
  const newestMs = mustRead ? await apiGateway.readIntegrationTimeoutMs(api) : 0;
  return stages.map((stage) => {
    const item = known.get(stage);
    const integrationTimeoutMs =
      item === undefined || isDeployed(stage, item) ? newestMs : item.integrationTimeoutMs;
    return { ...stage, integrationTimeoutMs };
  });
}

/**
 * Takes our filters away before the item: as long as the item is there, the next run knows what is left to do.
 *
 * @returns False if a filter could not be taken away, so that the item has to stay as it is
 */
async function release(
  { subscriptions }: Visit,
  before: InventoryItem,
  after: readonly InventoryItem[],
): Promise<boolean> {
  try {
    await subscriptions?.release([before], after);
    return true;
  } catch (cause) {
    subscriptions?.errors.push(new Error(`Cannot unsubscribe stage ${stageKey(before)}`, { cause }));
    return false;
  }
}

/** Forgets stages that are gone, after our filters in groups that none of the others writes to. */
export async function forgetStages(
  visit: Visit,
  gone: readonly InventoryItem[],
  hasTime: () => boolean,
): Promise<void> {
  const leaving = new Set(gone.map(stageKey));
  const staying = [...visit.items.values()].filter((item) => !leaving.has(stageKey(item)));
  for (const item of gone) {
    if (!hasTime()) return;
    if (!(await release(visit, item, staying))) continue;
    await visit.inventory.remove(item);
    visit.items.delete(stageKey(item));
  }
}

/** @returns False if the stored item had to stay, since it knows of a filter that is still there */
async function storeStage(
  visit: Visit,
  item: InventoryItem,
  writers: readonly InventoryItem[],
): Promise<boolean> {
  const known = visit.items.get(stageKey(item));
  if (known !== undefined && isSameItem(known, item)) return true;
  if (known !== undefined && !(await release(visit, known, writers))) return false;
  await visit.inventory.write(item);
  visit.items.set(stageKey(item), item);
  return true;
}

/**
 * Brings the inventory's items of one API, and the filters of their log groups, up to date. The items come first: a
 * filter whose stage nobody knows would never be removed.
 *
 * @throws {UnreadableApiError} If API Gateway does not tell about it; nothing was changed then
 */
export async function visitApi(visit: Visit, api: Api): Promise<void> {
  const stages = await describeStages(visit, api).catch((cause: unknown) => {
    throw new UnreadableApiError(api.apiId, { cause });
  });
  const others = [...visit.items.values()].filter(({ apiId }) => apiId !== api.apiId);
  const writers = [...others, ...stages];
  const keys = new Set(stages.map(stageKey));
  const gone = [...visit.items.values()].filter(
    (item) => item.apiId === api.apiId && !keys.has(stageKey(item)),
  );
  const stored: InventoryItem[] = [];
  for (const item of stages) if (await storeStage(visit, item, writers)) stored.push(item);
  await forgetStages(visit, gone, () => true);
  await visit.subscriptions?.ensure(stored);
}
