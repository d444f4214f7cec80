import type { LeaveReason } from '#shared/domain/subscriptions/plan-subscription.ts';

/** Names that a report holds of one kind; the rest is a number. */
const MAX_NAMES = 10;

/** How many there are, and the names of the first ten. */
export type Named = { readonly count: number; readonly names: readonly string[] };

/** What a run did with log groups. */
export type SubscriptionCounts = {
  /** Groups that have our filters now. */
  readonly subscribed: number;
  readonly made: number;
  readonly replaced: number;
  readonly removed: number;
  /** Groups whose filter could not be made or removed, because of an error. */
  readonly failed: number;
  /** Groups without them, by reason. */
  readonly leftAlone: Readonly<Partial<Record<LeaveReason, Named>>>;
};

/** What one run did and left. */
export type SubscriptionReport = SubscriptionCounts & {
  /** APIs that were visited in this run. */
  readonly apis: number;
  /** Stages that are known now, of all APIs. */
  readonly stages: number;
  /** Ids of the APIs that could not be read, or not be written down; what is known of them stays. */
  readonly unreadable: Named;
  /** Ids of the APIs that were read but for their integrations: the known timeout, or the default, stands. */
  readonly unknownTimeouts: Named;
  /** Keys of the inventory's items that could not be read; each goes when its stage is visited. */
  readonly unreadableItems: Named;
  /** APIs that are left for the next run. */
  readonly pending: number;
  /** Why APIs, then why timeouts, could not be read. */
  readonly readErrors: readonly unknown[];
  /** Why subscriptions could not be changed: nobody would know otherwise that a stage is not watched. */
  readonly subscriptionErrors: readonly unknown[];
};

/** Bounds a list of names. */
export function named(names: readonly string[]): Named {
  return { count: names.length, names: names.slice(0, MAX_NAMES) };
}
