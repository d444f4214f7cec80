import type { Finding, FindingKind } from '#shared/domain/detection/finding.ts';

/** Which findings belong together, and so make one incident. */
export type Story = {
  readonly kind: 'account' | 'stage' | 'blind' | 'alarm' | 'delivery' | 'mute' | 'drill';
  /** Unique per story; incidents of one story follow each other, never overlap. */
  readonly key: string;
};

const ACCOUNT_KINDS: ReadonlySet<FindingKind> = new Set([
  'headroom.low',
  'headroom.exhausted',
  'headroom.forecast',
  'burst.exhausted',
  'throttling.account',
  'noisy-neighbour',
  'quota.changed',
]);

/** Slow and timed out are one family: a timeout is what slow ends in. */
const LATENCY_KINDS: ReadonlySet<FindingKind> = new Set(['latency', 'timeout-budget']);

function familyOf({ kind, cause }: Finding): string {
  if (kind.startsWith('logging.')) return 'logging';
  if (LATENCY_KINDS.has(kind) || cause === 'integration.timeout') return 'latency';
  return cause?.split('.')[0] ?? kind;
}

/** The key of the account story of a finding's account and Region. */
export function accountStory({ scope }: Pick<Finding, 'scope'>): Story {
  return { kind: 'account', key: `account|${scope.accountId}|${scope.region}` };
}

/**
 * One story for each source that Gatewatch cannot see: when the log of one stage is silent, others often are, for one
 * reason. What is worth no message is kept apart, so that it takes no room among the findings of an incident.
 */
function blindStory({ kind, severity, scope }: Finding): Story {
  const source = severity === 'info' ? `${kind}|info` : kind;
  return {
    kind: 'blind',
    key: ['blind', scope.accountId, scope.region, source.slice('blind.'.length)].join('|'),
  };
}

/** Each subject of these is a story of its own: an alarm, a receiver, a mute, a drill. */
const SUBJECT_STORIES: ReadonlyMap<FindingKind, Story['kind']> = new Map([
  ['cloudwatch-alarm', 'alarm'],
  ['alerting.undeliverable', 'delivery'],
  ['alerting.held-back', 'mute'],
  ['alerting.drill', 'drill'],
]);

/**
 * The story that a finding belongs to by itself: the account's, a blind source's, that of what its subject names, else
 * API, stage and family of cause.
 */
export function storyOf(finding: Finding): Story {
  if (ACCOUNT_KINDS.has(finding.kind)) return accountStory(finding);
  const kind = SUBJECT_STORIES.get(finding.kind);
  if (kind !== undefined) {
    const { accountId, region, subject = '' } = finding.scope;
    return { kind, key: [kind, accountId, region, subject].join('|') };
  }
  if (finding.kind.startsWith('blind.')) return blindStory(finding);
  const { accountId, region, apiId = '', stage = '' } = finding.scope;
  return { kind: 'stage', key: ['stage', accountId, region, apiId, stage, familyOf(finding)].join('|') };
}

/** True for a stage's finding that the account throttle explains once the account's incident is open. */
export function mayJoinAccount({ cause }: Pick<Finding, 'cause'>): boolean {
  return cause === 'throttle.account' || cause === 'throttle.unknown-level';
}

/** That the quota is another one explains no 429 by itself. */
function mayExplain({ kind }: Finding): boolean {
  return kind !== 'quota.changed';
}

/**
 * Puts findings of one evaluation together that will be one incident. Where the account's throttle is told of, the
 * stages' throttling is part of it.
 */
export function groupByStory(findings: readonly Finding[]): Finding[][] {
  const account = findings.find((finding) => ACCOUNT_KINDS.has(finding.kind) && mayExplain(finding));
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const joins = account !== undefined && mayJoinAccount(finding);
    const { key } = joins ? accountStory(account) : storyOf(finding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

/** How close two stories must begin to be one. */
const JOIN_WINDOW_MS = 3 * 60_000;

/** What of an incident decides whether another belongs to it. Times are ISO 8601. */
type Told = {
  readonly story: Story;
  readonly status: 'open' | 'closed' | 'merged';
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly findings: readonly Finding[];
};

/** True if a stage's finding began while, or just before or after, the account's incident was open. */
export function isDuring(account: Told, finding: Finding): boolean {
  const startedMs = Date.parse(finding.startedAt);
  const endMs = account.closedAt === null ? Number.POSITIVE_INFINITY : Date.parse(account.closedAt);
  return (
    account.findings.some(mayExplain) &&
    startedMs >= Date.parse(account.openedAt) - JOIN_WINDOW_MS &&
    startedMs <= endMs + JOIN_WINDOW_MS
  );
}

/** True if a stage's open incident is what the account's incident explains. */
export function isExplainedBy(account: Told, incident: Told): boolean {
  const gapMs = Math.abs(Date.parse(account.openedAt) - Date.parse(incident.openedAt));
  const isOpenStage = incident.story.kind === 'stage' && incident.status === 'open';
  return (
    account.findings.some(mayExplain) &&
    isOpenStage &&
    gapMs <= JOIN_WINDOW_MS &&
    incident.findings.every(mayJoinAccount)
  );
}
