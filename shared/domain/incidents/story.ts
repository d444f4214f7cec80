import type { Finding, FindingKind } from '#shared/domain/detection/finding.ts';

/** Which findings belong together, and so make one incident. */
export type Story = {
  readonly kind: 'account' | 'stage';
  /** Unique per story; incidents of one story follow each other, never overlap. */
  readonly key: string;
};

const ACCOUNT_KINDS: ReadonlySet<FindingKind> = new Set([
  'headroom.low',
  'headroom.exhausted',
  'throttling.account',
  'noisy-neighbour',
]);

/** Slow and timed out are one family: a timeout is what slow ends in. */
const LATENCY_KINDS: ReadonlySet<FindingKind> = new Set(['latency', 'timeout-budget']);

function familyOf({ kind, cause }: Finding): string {
  if (LATENCY_KINDS.has(kind) || cause === 'integration.timeout') return 'latency';
  return cause?.split('.')[0] ?? kind;
}

/** The key of the account story of a finding's account and Region. */
export function accountStory({ scope }: Pick<Finding, 'scope'>): Story {
  return { kind: 'account', key: `account|${scope.accountId}|${scope.region}` };
}

/** The story that a finding belongs to by itself: the account's, else API, stage and family of cause. */
export function storyOf(finding: Finding): Story {
  if (ACCOUNT_KINDS.has(finding.kind)) return accountStory(finding);
  const { accountId, region, apiId = '', stage = '' } = finding.scope;
  return { kind: 'stage', key: ['stage', accountId, region, apiId, stage, familyOf(finding)].join('|') };
}

/** True for a stage's finding that the account throttle explains once the account's incident is open. */
export function mayJoinAccount({ cause }: Pick<Finding, 'cause'>): boolean {
  return cause === 'throttle.account' || cause === 'throttle.unknown-level';
}

/** How close two stories must begin to be one. */
export const JOIN_WINDOW_MS = 3 * 60_000;
