import type {
  Api,
  ApiGateway,
  Crawl,
  CrawlStore,
  InventoryStore,
  LogGroups,
} from '#shared/application/inventory-ports.ts';
import { createSubscriptions } from '#shared/application/keep-subscriptions.ts';
import type { Now } from '#shared/application/ports.ts';
import { named, type SubscriptionReport } from '#shared/application/subscription-report.ts';
import {
  forgetStages,
  forgetUnreadable,
  UnreadableApiError,
  type Visit,
  type Visited,
  visitApi,
} from '#shared/application/visit-api.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';
import type { Destinations } from '#shared/domain/subscriptions/wanted-subscriptions.ts';

/** So much work is done again at most after a run was killed. */
const SAVE_EVERY_MS = 30_000;

/** So many APIs in a row, and none that can be read: it is not the APIs. */
const OUTAGE_AFTER_APIS = 10;

type Dependencies = {
  readonly apiGateway: ApiGateway;
  readonly inventory: InventoryStore;
  readonly crawls: CrawlStore;
  readonly logGroups: LogGroups;
  readonly destinations: Destinations;
  readonly ownLogGroupPrefix: string;
  /** `manual` makes no filter; it only takes those of our names from groups that no stage uses any more. */
  readonly mode: 'auto' | 'manual';
  readonly now: Now;
};

type Run = Visit & {
  readonly crawls: CrawlStore;
  readonly nowMs: () => number;
  readonly hasTime: () => boolean;
  /** As the run found them. */
  readonly unreadableItems: readonly string[];
};

type UnknownTimeout = Visited & { readonly apiId: string };

type Walk = {
  readonly visited: number;
  readonly pending: readonly Api[];
  readonly unreadable: readonly UnreadableApiError[];
  readonly unknownTimeouts: readonly UnknownTimeout[];
  /** So many of the last APIs, one after the other, could not be read. */
  readonly failedInRow: number;
};

async function startRun(dependencies: Dependencies, deadlineMs: number): Promise<Run> {
  const { apiGateway, inventory, crawls, logGroups, destinations, ownLogGroupPrefix } = dependencies;
  const { items, unreadableKeys } = await inventory.list();
  const kept = createSubscriptions({ logGroups, destinations, ownLogGroupPrefix });
  const nowMs = () => dependencies.now().getTime();
  return {
    apiGateway,
    inventory,
    crawls,
    subscriptions: dependencies.mode === 'manual' ? { ...kept, ensure: async () => {} } : kept,
    items: new Map(items.map((item) => [stageKey(item), item])),
    unreadableKeys: new Set(unreadableKeys),
    unreadableItems: unreadableKeys,
    nowMs,
    hasTime: () => nowMs() < deadlineMs,
  };
}

/** Lists all APIs. What the list does not name is gone; a list that could not be read to its end throws. */
async function startCrawl(run: Run): Promise<Crawl> {
  const crawl = { startedAtMs: run.nowMs(), pending: await run.apiGateway.listApis() };
  const apiIds = new Set(crawl.pending.map(({ apiId }) => apiId));
  const gone = [...run.items.values()].filter(({ apiId }) => !apiIds.has(apiId));
  await forgetStages(run, gone, run.hasTime);
  await forgetUnreadable(run, ({ apiId }) => !apiIds.has(apiId));
  return crawl;
}

/** What became of a visit; errors that are not the API's are outages of our own and propagate. */
async function visit(run: Run, api: Api): Promise<Visited | UnreadableApiError> {
  try {
    return await visitApi(run, api);
  } catch (error) {
    if (error instanceof UnreadableApiError) return error;
    throw error;
  }
}

/** Visits APIs until none is left, time is up, or API Gateway is out. */
async function walk(run: Run, { startedAtMs, pending: apis }: Crawl, isStored: boolean): Promise<Walk> {
  const unreadable: UnreadableApiError[] = [];
  const unknownTimeouts: UnknownTimeout[] = [];
  let failedInRow = 0;
  let visited = 0;
  let savedMs = run.nowMs();
  let mustSave = isStored;
  for (const api of apis) {
    if (!run.hasTime() || failedInRow === OUTAGE_AFTER_APIS) break;
    const outcome = await visit(run, api);
    const isUnreadable = outcome instanceof UnreadableApiError;
    if (isUnreadable) unreadable.push(outcome);
    else if (outcome.timeoutErrors.length > 0) unknownTimeouts.push({ ...outcome, apiId: api.apiId });
    failedInRow = isUnreadable ? failedInRow + 1 : 0;
    visited += 1;
    if (run.nowMs() - savedMs < SAVE_EVERY_MS) continue;
    await run.crawls.write({ startedAtMs, pending: apis.slice(visited) });
    savedMs = run.nowMs();
    mustSave = true;
  }
  const pending = apis.slice(visited);
  if (mustSave || pending.length > 0) await run.crawls.write({ startedAtMs, pending });
  return { visited, pending, unreadable, unknownTimeouts, failedInRow };
}

function report(run: Run, { visited, pending, unreadable, unknownTimeouts }: Walk): SubscriptionReport {
  const timeoutErrors = unknownTimeouts.flatMap((unknown) => unknown.timeoutErrors);
  return {
    ...run.subscriptions.counts(),
    apis: visited,
    stages: run.items.size,
    unreadable: named(unreadable.map(({ message }) => message)),
    unknownTimeouts: named(unknownTimeouts.map(({ apiId }) => apiId)),
    unreadableItems: named(run.unreadableItems),
    pending: pending.length,
    readErrors: [...unreadable.map(({ cause }) => cause), ...timeoutErrors],
    subscriptionErrors: run.subscriptions.errors,
  };
}

/**
 * Keeps the inventory of stages and the subscription filters of their log groups. A walk through all APIs may take
 * several runs, since API Gateway's control plane is asked slowly; each run goes on where the last one stopped.
 *
 * @returns A run that ends soon after `deadlineMs`, in epoch milliseconds. It throws if the APIs cannot be listed,
 *   none of a whole crawl or of ten in a row can be read, or the inventory cannot be kept
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html}
 */
export function createSubscribeLogGroups(dependencies: Dependencies) {
  return async (deadlineMs: number): Promise<SubscriptionReport> => {
    const run = await startRun(dependencies, deadlineMs);
    const stored = await run.crawls.read();
    const resumed = stored !== null && stored.pending.length > 0 ? stored : null;
    const walked = await walk(run, resumed ?? (await startCrawl(run)), resumed !== null);
    const { visited, unreadable, failedInRow } = walked;
    if (failedInRow === OUTAGE_AFTER_APIS) {
      const last = unreadable.slice(-failedInRow);
      throw new AggregateError(last, `API Gateway could be asked about none of ${failedInRow} APIs in a row`);
    }
    if (resumed === null && visited > 0 && unreadable.length === visited) {
      throw new AggregateError(unreadable, `API Gateway could be asked about none of ${visited} APIs`);
    }
    return report(run, walked);
  };
}
