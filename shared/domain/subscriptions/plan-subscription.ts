import type { SubscriptionFilter } from '#shared/domain/subscriptions/subscription-filter.ts';

/**
 * No log group takes more subscription filters. It was two until 2026, and may still be somewhere: below five, only
 * the service knows.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html}
 */
const MAX_FILTERS_PER_GROUP = 5;

/**
 * Why a group is left alone: `own-group`: its lines are Gatewatch's own, which would feed on themselves; `no-group`:
 * it does not exist; `slots-taken`: others have all its filters; `log-class`: it is not of the class Standard.
 */
export const LEAVE_REASONS = ['own-group', 'no-group', 'slots-taken', 'log-class'] as const;

export type LeaveReason = (typeof LEAVE_REASONS)[number];

/** `keep`: all is well; `make`: there is none yet; `replace`: one of ours goes elsewhere or takes other lines. */
export type SubscriptionDecision =
  | { readonly action: 'keep' | 'make' | 'replace' }
  | { readonly action: 'leave'; readonly reason: LeaveReason };

/** What is known about a group. */
export type GroupState = {
  readonly name: string;
  /** Only groups of the class Standard do. */
  readonly takesFilters: boolean;
  /** Those it has, ours among them; `null` if there is no such group. */
  readonly filters: readonly SubscriptionFilter[] | null;
};

/**
 * Decides what to do so that a group has a filter. Filters of other names are never touched.
 *
 * @param ownLogGroupPrefix - How the names of Gatewatch's own log groups begin; not empty
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-recursion-prevention.html}
 */
export function planSubscription(
  wanted: SubscriptionFilter,
  { name, takesFilters, filters }: GroupState,
  ownLogGroupPrefix: string,
): SubscriptionDecision {
  if (name.startsWith(ownLogGroupPrefix)) return { action: 'leave', reason: 'own-group' };
  if (filters === null) return { action: 'leave', reason: 'no-group' };
  const ours = filters.find((filter) => filter.name === wanted.name);
  const isRight = ours?.pattern === wanted.pattern && ours.destinationArn === wanted.destinationArn;
  if (isRight) return { action: 'keep' };
  if (!takesFilters) return { action: 'leave', reason: 'log-class' };
  if (ours !== undefined) return { action: 'replace' };
  const hasRoom = filters.length < MAX_FILTERS_PER_GROUP;
  return hasRoom ? { action: 'make' } : { action: 'leave', reason: 'slots-taken' };
}
