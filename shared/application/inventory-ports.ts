import type { InventoryItem, StageSettings } from '#shared/domain/inventory/stage.ts';
import type { SubscriptionFilter } from '#shared/domain/subscriptions/subscription-filter.ts';

/** All known stages; items that cannot be read are left out. */
export type ReadInventory = () => Promise<readonly InventoryItem[]>;

/** One API as the account's listing names it. */
export type Api = Pick<InventoryItem, 'apiId' | 'apiName' | 'apiType'>;

/** A stage as API Gateway describes it, without what only the definition of its API tells. */
export type DescribedStage = Omit<InventoryItem, 'integrationTimeoutMs' | keyof StageSettings> &
  Required<Pick<InventoryItem, 'limits'>> &
  StageSettings;

/** What API Gateway's control plane tells, at two calls a second at most: its quota is ten for the whole account. */
export type ApiGateway = {
  /** All APIs of the three kinds. */
  readonly listApis: () => Promise<readonly Api[]>;
  /** The stages of an API; none if it was deleted meanwhile. */
  readonly readStages: (api: Api) => Promise<readonly DescribedStage[]>;
  /** The longest timeout of the API's integrations in milliseconds. */
  readonly readIntegrationTimeoutMs: (api: Api) => Promise<number>;
};

/** What an inventory holds. One item that does not have the form of one is left out, and does not hide the others. */
export type InventoryListing = {
  readonly items: readonly InventoryItem[];
  /** Of the items that were left out. */
  readonly unreadableKeys: readonly string[];
};

/** The known stages, for the one who keeps them. */
export type InventoryStore = {
  readonly list: () => Promise<InventoryListing>;
  /** Why an item could not be read back if it were written, naming its field; `null` if it could. */
  readonly findProblem: (item: InventoryItem) => string | null;
  readonly write: (item: InventoryItem) => Promise<void>;
  /** Removes the item of a key; that it is not there is fine. */
  readonly remove: (key: string) => Promise<void>;
};

/** A walk through all APIs that takes several runs: what is left of it. */
export type Crawl = { readonly startedAtMs: number; readonly pending: readonly Api[] };

export type CrawlStore = {
  readonly read: () => Promise<Crawl | null>;
  readonly write: (crawl: Crawl) => Promise<void>;
};

/** A log group; those of the class Infrequent Access take no subscription filter. */
export type LogGroup = { readonly name: string; readonly takesFilters: boolean };

export type LogGroups = {
  /** Those whose names begin so; all for an empty text. */
  readonly list: (prefix: string) => Promise<readonly LogGroup[]>;
  /** The subscription filters of a group; `null` if there is no such group. */
  readonly readFilters: (group: string) => Promise<readonly SubscriptionFilter[] | null>;
  /** Makes a filter, or replaces the one of that name. */
  readonly putFilter: (
    group: string,
    filter: SubscriptionFilter,
  ) => Promise<'made' | 'no-group' | 'slots-taken'>;
  /** Removes a filter; that it is not there, nor its group, is fine. */
  readonly deleteFilter: (group: string, filterName: string) => Promise<void>;
};
