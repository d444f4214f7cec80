import { describe, expect, it } from 'vitest';
import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { Finding, FindingKind } from '#shared/domain/detection/finding.ts';
import {
  accountStory,
  groupByStory,
  isDuring,
  isExplainedBy,
  mayJoinAccount,
  storyOf,
} from '#shared/domain/incidents/story.ts';
import { createFinding, createIncident } from '#test/fakes/finding.ts';

const ACCOUNT_KEY = 'account|123456789012|us-east-1';
const STAGE_KEY = 'stage|123456789012|us-east-1|a1b2c3|prod';
const OPENED_MS = Date.parse('2026-03-02T14:00:00Z');

function iso(offsetMinutes: number): string {
  return new Date(OPENED_MS + offsetMinutes * 60_000).toISOString();
}

describe('storyOf()', () => {
  it.each([
    'headroom.low',
    'headroom.exhausted',
    'headroom.forecast',
    'burst.exhausted',
    'quota.changed',
    'throttling.account',
    'noisy-neighbour',
  ] as const)('storyOf() puts %s into the account’s story, whatever its scope and cause', (kind) => {
    expect(storyOf(createFinding({ kind, cause: 'backend.5xx' }))).toEqual({
      kind: 'account',
      key: ACCOUNT_KEY,
    });
  });

  it.each<[FindingKind, CauseSlug | null, string]>([
    ['error-budget', 'backend.5xx', 'backend'],
    ['error-budget', 'integration.function-error', 'integration'],
    ['error-budget', 'integration.timeout', 'latency'],
    ['error-budget', 'unknown', 'unknown'],
    ['error-budget', null, 'error-budget'],
    ['latency', null, 'latency'],
    ['logging.bodies', null, 'logging'],
    ['timeout-budget', null, 'latency'],
    ['timeout-budget', 'backend.5xx', 'latency'],
    ['throttling.stage', 'throttle.unknown-level', 'throttle'],
  ])('storyOf() puts %s with cause %s into the stage’s family %s', (kind, cause, family) => {
    expect(storyOf(createFinding({ kind, cause }))).toEqual({ kind: 'stage', key: `${STAGE_KEY}|${family}` });
  });

  it.each([
    ['blind.logs', 'warning', 'logs'],
    ['blind.logs', 'info', 'logs|info'],
    ['blind.metrics', 'critical', 'metrics'],
  ] as const)(
    'storyOf() puts %s (%s) of all stages into the story of one blind source',
    (kind, severity, source) => {
      const { scope } = createFinding();
      const story = { kind: 'blind', key: `blind|123456789012|us-east-1|${source}` };

      expect(storyOf(createFinding({ kind, severity, cause: null }))).toEqual(story);
      expect(storyOf(createFinding({ kind, severity, scope: { ...scope, apiId: 'b2' } }))).toEqual(story);
    },
  );

  it('storyOf() keeps accounts, Regions, APIs and stages apart', () => {
    const { scope } = createFinding();
    const keys = [
      scope,
      { ...scope, accountId: '2' },
      { ...scope, region: 'eu-west-1' },
      { ...scope, apiId: 'b2' },
      { ...scope, stage: 'dev' },
    ].map((of) => storyOf(createFinding({ scope: of })).key);

    expect(new Set(keys).size).toBe(keys.length);
  });

  it('accountStory() is the same for all scopes of an account and Region', () => {
    expect(accountStory(createFinding())).toEqual({ kind: 'account', key: ACCOUNT_KEY });
    expect(accountStory({ scope: { accountId: '123456789012', region: 'us-east-1' } }).key).toBe(ACCOUNT_KEY);
  });
});

describe('mayJoinAccount()', () => {
  it.each<[CauseSlug | null, boolean]>([
    ['throttle.account', true],
    ['throttle.unknown-level', true],
    ['throttle.usage-plan', false],
    ['throttle.backend', false],
    ['backend.5xx', false],
    [null, false],
  ])('mayJoinAccount() for cause %s is %s', (cause, expected) => {
    expect(mayJoinAccount(createFinding({ cause }))).toBe(expected);
  });
});

describe('isDuring()', () => {
  const open = createIncident({ kind: 'throttling.account', startedAt: iso(0) });
  const closed = createIncident({
    kind: 'throttling.account',
    startedAt: iso(0),
    status: 'cleared',
    observedAt: iso(20),
  });

  it.each([
    [-3.01, false, false],
    [-3, true, true],
    [0, true, true],
    [23, true, true],
    [23.01, true, false],
    [600, true, false],
  ])(
    'isDuring() judges a start %d min after the opening: %s while open, %s if it closed after 20 min',
    (minutes, whileOpen, whenClosed) => {
      const finding = createFinding({ startedAt: iso(minutes) });

      expect(isDuring(open, finding)).toBe(whileOpen);
      expect(isDuring(closed, finding)).toBe(whenClosed);
    },
  );
});

describe('isExplainedBy()', () => {
  const account = createIncident({ kind: 'throttling.account', startedAt: iso(0) });
  const throttled = (minutes: number, differences = {}) =>
    createIncident({
      kind: 'throttling.stage',
      cause: 'throttle.unknown-level',
      startedAt: iso(minutes),
      ...differences,
    });

  it.each([
    [-3.01, false],
    [-3, true],
    [0, true],
    [3, true],
    [3.01, false],
  ])('isExplainedBy() for a stage that is throttled %d min after the account is %s', (minutes, expected) => {
    expect(isExplainedBy(account, throttled(minutes))).toBe(expected);
  });

  it('isExplainedBy() is false while all that is told of the account is another quota', () => {
    const changed = createIncident({ kind: 'quota.changed', startedAt: iso(0) });
    const both = { ...changed, findings: [...changed.findings, ...account.findings] };

    expect(isExplainedBy(changed, throttled(0))).toBe(false);
    expect(isDuring(changed, createFinding({ startedAt: iso(0) }))).toBe(false);
    expect(isExplainedBy(both, throttled(0))).toBe(true);
    expect(isDuring(both, createFinding({ startedAt: iso(0) }))).toBe(true);
  });

  it('isExplainedBy() is false for what is closed, merged, not throttled, or the account itself', () => {
    const merged = { ...throttled(0), status: 'merged' as const };
    const mixed = { ...throttled(0), findings: [...throttled(0).findings, createFinding()] };

    expect(isExplainedBy(account, throttled(0, { status: 'cleared' }))).toBe(false);
    expect(isExplainedBy(account, merged)).toBe(false);
    expect(isExplainedBy(account, mixed)).toBe(false);
    expect(isExplainedBy(account, createIncident())).toBe(false);
    expect(isExplainedBy(account, account)).toBe(false);
    expect(isExplainedBy(account, createIncident({ kind: 'blind.logs', cause: null }))).toBe(false);
  });
});

describe('groupByStory()', () => {
  const errors = createFinding({ id: 'errors' });
  const slow = createFinding({ id: 'slow', kind: 'latency', cause: null });
  const late = createFinding({ id: 'late', cause: 'integration.timeout' });
  const throttled = createFinding({
    id: 'throttled',
    kind: 'throttling.stage',
    cause: 'throttle.unknown-level',
  });
  const account = createFinding({ id: 'account', kind: 'throttling.account', cause: 'throttle.account' });
  const noisy = createFinding({ id: 'noisy', kind: 'noisy-neighbour', cause: null });

  const ids = (...findings: Finding[]) => groupByStory(findings).map((group) => group.map(({ id }) => id));

  it('groupByStory() keeps stories apart and the order within them', () => {
    expect(ids(errors, slow, throttled, late)).toEqual([['errors'], ['slow', 'late'], ['throttled']]);
    expect(ids()).toEqual([]);
  });

  it('groupByStory() never puts what is blind to the account’s story', () => {
    const blind = createFinding({ id: 'blind', kind: 'blind.logs', cause: null });
    const other = createFinding({ id: 'other', kind: 'blind.logs', cause: null });

    expect(ids(account, blind, throttled, other)).toEqual([
      ['account', 'throttled'],
      ['blind', 'other'],
    ]);
  });

  it('groupByStory() puts stages’ throttling to the account’s, wherever that stands', () => {
    expect(ids(throttled, errors, account, noisy)).toEqual([['throttled', 'account', 'noisy'], ['errors']]);
  });

  it('groupByStory() does not take another quota for what throttles a stage', () => {
    const changed = createFinding({ id: 'changed', kind: 'quota.changed', cause: null });

    expect(ids(changed, throttled)).toEqual([['changed'], ['throttled']]);
    expect(ids(changed, throttled, account)).toEqual([['changed', 'throttled', 'account']]);
  });
});
