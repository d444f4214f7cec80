import type { LogGroups } from '#shared/application/inventory-ports.ts';
import type { PlannedSubscription } from '#shared/application/plan-subscriptions.ts';
import type { ReportStep } from '#shared/application/report-step.ts';
import type { LeaveReason } from '#shared/domain/subscriptions/plan-subscription.ts';

/** What became of a planned filter. */
export type AppliedSubscription = Pick<PlannedSubscription, 'group' | 'otherFilters'> & {
  readonly filterName: string;
} & (
    | { readonly outcome: 'kept' | 'made' | 'replaced' }
    | { readonly outcome: 'left'; readonly reason: LeaveReason }
    | { readonly outcome: 'failed'; readonly error: unknown }
  );

type Outcome =
  | { readonly outcome: 'kept' | 'made' | 'replaced' }
  | { readonly outcome: 'left'; readonly reason: LeaveReason };

type Dependencies = { readonly logGroups: LogGroups; readonly reportStep: ReportStep };

async function applyOne(
  { group, filter, decision }: PlannedSubscription,
  logGroups: LogGroups,
): Promise<Outcome> {
  if (decision.action === 'leave') return { outcome: 'left', reason: decision.reason };
  if (decision.action === 'keep') return { outcome: 'kept' };
  const answer = await logGroups.putFilter(group, filter);
  if (answer !== 'made') return { outcome: 'left', reason: answer };
  return { outcome: decision.action === 'make' ? 'made' : 'replaced' };
}

/**
 * Makes the planned filters.
 *
 * @returns A use case that goes on after a group that failed
 */
export function createApplySubscriptions({ logGroups, reportStep }: Dependencies) {
  return async (planned: readonly PlannedSubscription[]): Promise<AppliedSubscription[]> => {
    const applied: AppliedSubscription[] = [];
    for (const [index, subscription] of planned.entries()) {
      reportStep('making filters', index, planned.length);
      const { group, otherFilters, filter } = subscription;
      const what = { group, otherFilters, filterName: filter.name };
      try {
        applied.push({ ...what, ...(await applyOne(subscription, logGroups)) });
      } catch (error) {
        applied.push({ ...what, outcome: 'failed', error });
      }
    }
    return applied;
  };
}
