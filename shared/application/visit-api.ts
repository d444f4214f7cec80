import type { Api, ApiGateway, DescribedStage, InventoryStore } from '#shared/application/inventory-ports.ts';
import type { Subscriptions } from '#shared/application/keep-subscriptions.ts';
import { isSameItem } from '#shared/domain/inventory/same-item.ts';
import {
  defaultIntegrationTimeoutMs,
  type InventoryItem,
  parseStageKey,
  type StageId,
  stageKey,
} from '#shared/domain/inventory/stage.ts';

/** One API was not told about, or not in a form to be stored; the message is its id, the cause is why. */
export class UnreadableApiError extends Error {
  override readonly name = 'UnreadableApiError';
}

/** What one run works on. */
export type Visit = {
  readonly apiGateway: ApiGateway;
  readonly inventory: InventoryStore;
  readonly subscriptions: Subscriptions;
  /** The stored items by the key of their stage; follows every write. */
  readonly items: Map<string, InventoryItem>;
  /** Keys of stored items that cannot be read; follows every write. */
  readonly unreadableKeys: Set<string>;
};

/** What a visit found out. */
export type Visited = {
  /** Why the integration timeout is not known, although the stages are; none if it is. */
  readonly timeoutErrors: readonly unknown[];
};

type Described = Visited & { readonly items: readonly InventoryItem[] };

function isDeployed(stage: DescribedStage, known: InventoryItem | undefined): boolean {
  return known?.deploymentId === undefined || known.deploymentId !== stage.deploymentId;
}

/**
 * The item of a stage whose definition could not be read. It keeps the deployment of which the timeout is known, or has
 * none, so that the next visit asks again.
 */
function withKnownTimeout(stage: DescribedStage, known: InventoryItem | undefined): InventoryItem {
  const { deploymentId: _, ...described } = stage;
  const { deploymentId, integrationTimeoutMs = defaultIntegrationTimeoutMs(stage.apiType) } = known ?? {};
  return { ...described, integrationTimeoutMs, ...(deploymentId !== undefined && { deploymentId }) };
}

/** The definition of an API is large and changes with a deploy only: until then the known timeout stands. */
async function describeStages({ apiGateway, items }: Visit, api: Api): Promise<Described> {
  const stages = await apiGateway.readStages(api);
  const known = new Map(stages.map((stage) => [stage, items.get(stageKey(stage))]));
  const timeoutErrors: unknown[] = [];
  let newestMs: number | null = null;
  if (stages.some((stage) => isDeployed(stage, known.get(stage)))) {
    newestMs = await apiGateway.readIntegrationTimeoutMs(api).catch((error: unknown) => {
      timeoutErrors.push(error);
      return null;
    });
  }
  const describe = (stage: DescribedStage): InventoryItem => {
    const item = known.get(stage);
    return newestMs !== null && isDeployed(stage, item)
      ? { ...stage, integrationTimeoutMs: newestMs }
      : withKnownTimeout(stage, item);
  };
  return { items: stages.map(describe), timeoutErrors };
}

/** @throws {Error} Naming the field, if a stage cannot be stored so that it can be read */
function refuseUnreadable({ inventory }: Visit, items: readonly InventoryItem[]): void {
  for (const item of items) {
    const problem = inventory.findProblem(item);
    if (problem !== null) throw new Error(problem);
  }
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
    await subscriptions.release([before], after);
    return true;
  } catch (cause) {
    subscriptions.errors.push(new Error(`Cannot unsubscribe stage ${stageKey(before)}`, { cause }));
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
    await visit.inventory.remove(stageKey(item));
    visit.items.delete(stageKey(item));
  }
}

/** Removes the items of stages that are gone and that cannot be read: nobody knows which groups they wrote to. */
export async function forgetUnreadable(visit: Visit, isGone: (stage: StageId) => boolean): Promise<void> {
  for (const key of [...visit.unreadableKeys]) {
    const stage = parseStageKey(key);
    if (stage === null || !isGone(stage)) continue;
    await visit.inventory.remove(key);
    visit.unreadableKeys.delete(key);
  }
}

/** @returns False if the stored item had to stay, since it knows of a filter that is still there */
async function storeStage(
  visit: Visit,
  item: InventoryItem,
  writers: readonly InventoryItem[],
): Promise<boolean> {
  const key = stageKey(item);
  const known = visit.items.get(key);
  if (known !== undefined && isSameItem(known, item)) return true;
  if (known !== undefined && !(await release(visit, known, writers))) return false;
  await visit.inventory.write(item);
  visit.items.set(key, item);
  visit.unreadableKeys.delete(key);
  return true;
}

/**
 * Brings the inventory's items of one API, and the filters of their log groups, up to date. The items come first: a
 * filter whose stage nobody knows would never be removed.
 *
 * @throws {UnreadableApiError} If API Gateway does not tell about it, or what it tells could not be read from the
 *   inventory; nothing was changed then
 */
export async function visitApi(visit: Visit, api: Api): Promise<Visited> {
  const read = async (): Promise<Described> => {
    const described = await describeStages(visit, api);
    refuseUnreadable(visit, described.items);
    return described;
  };
  const { items, timeoutErrors } = await read().catch((cause: unknown) => {
    throw new UnreadableApiError(api.apiId, { cause });
  });
  const others = [...visit.items.values()].filter(({ apiId }) => apiId !== api.apiId);
  const writers = [...others, ...items];
  const keys = new Set(items.map(stageKey));
  const isGone = (stage: StageId) => stage.apiId === api.apiId && !keys.has(stageKey(stage));
  const gone = [...visit.items.values()].filter(isGone);
  const stored: InventoryItem[] = [];
  for (const item of items) if (await storeStage(visit, item, writers)) stored.push(item);
  await forgetStages(visit, gone, () => true);
  await forgetUnreadable(visit, isGone);
  await visit.subscriptions.ensure(stored);
  return { timeoutErrors };
}
