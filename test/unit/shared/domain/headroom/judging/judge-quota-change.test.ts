import { describe, expect, it } from 'vitest';
import { judgeQuotaChange } from '#shared/domain/headroom/judging/judge-quota-change.ts';
import type { QuotaInForce } from '#shared/domain/headroom/quota/quota-in-force.ts';
import { createQuotaFrom, createStatusAfter } from '#test/fakes/quota-change.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';

const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 2, 2, 12);
const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
const USUAL = { rateRps: 10_000, burst: 5_000 };
const LOWER = { rateRps: 8_000, burst: 5_000 };

function judge(from: QuotaInForce, to: QuotaInForce, minute = 0) {
  const status = createStatusAfter({ atMs: NOON_MS + 12_345, from, to });
  return judgeQuotaChange(status, NOON_MS + minute * MINUTE_MS, SCOPE);
}

describe('judgeQuotaChange()', () => {
  it.each([
    [-1, 'clean'],
    [0, 'breach'],
    [4, 'breach'],
    [5, 'clean'],
    [100, 'clean'],
  ])('judgeQuotaChange() finds minute %d after a change %s', (minute, verdict) => {
    const [from, to] = [createQuotaFrom('get-account', USUAL), createQuotaFrom('get-account', LOWER)];

    expect(judge(from, to, minute).verdict).toBe(verdict);
  });

  it('judgeQuotaChange() has nothing to tell of a quota that never changed', () => {
    const judgement = judgeQuotaChange(createQuotaStatus(USUAL), NOON_MS, SCOPE);

    expect(judgement).toMatchObject({ kind: 'quota.changed', scope: SCOPE, verdict: 'clean' });
  });

  it.each(['get-account', 'service-quotas'] as const)(
    'judgeQuotaChange() warns when %s tells a lower rate than before',
    (source) => {
      expect(judge(createQuotaFrom(source, USUAL), createQuotaFrom(source, LOWER))).toMatchObject({
        severity: 'warning',
        latest: {
          fromRps: 10_000,
          toRps: 8_000,
          fromBurst: 5_000,
          toBurst: 5_000,
          'reason:read': 1,
          [`source:${source}`]: 1,
        },
      });
    },
  );

  it('judgeQuotaChange() warns of a lower burst where the rate stayed', () => {
    const to = createQuotaFrom('get-account', { ...USUAL, burst: 4_000 });

    expect(judge(createQuotaFrom('get-account', USUAL), to).severity).toBe('warning');
  });

  it('judgeQuotaChange() notes a higher rate, whatever the burst does', () => {
    const to = createQuotaFrom('get-account', { rateRps: 20_000, burst: 4_000 });

    expect(judge(createQuotaFrom('get-account', USUAL), to)).toMatchObject({
      verdict: 'breach',
      severity: 'info',
    });
  });

  it.each([
    ['set lower by a deploy', 'get-account', 'override'],
    ['no longer set by a deploy', 'override', 'get-account'],
  ] as const)('judgeQuotaChange() notes a quota that is %s', (_, before, after) => {
    expect(judge(createQuotaFrom(before, USUAL), createQuotaFrom(after, LOWER))).toMatchObject({
      severity: 'info',
      latest: { 'reason:set': 1, [`source:${after}`]: 1 },
    });
  });

  it.each(['region-default', 'service-quotas'] as const)(
    'judgeQuotaChange() notes what GetAccount tells for the first time, after %s',
    (before) => {
      expect(judge(createQuotaFrom(before, USUAL), createQuotaFrom('get-account', LOWER))).toMatchObject({
        severity: 'info',
        latest: { 'reason:learned': 1 },
      });
    },
  );

  it('judgeQuotaChange() tells the newest of several changes', () => {
    const [a, b, c] = [10_000, 8_000, 9_000].map((rateRps) =>
      createQuotaFrom('get-account', { rateRps, burst: 5_000 }),
    ) as [QuotaInForce, QuotaInForce, QuotaInForce];
    const status = createStatusAfter(
      { atMs: NOON_MS, from: a, to: b },
      { atMs: NOON_MS + 2 * MINUTE_MS, from: b, to: c },
    );

    expect(judgeQuotaChange(status, NOON_MS + MINUTE_MS, SCOPE).latest).toMatchObject({ toRps: 8_000 });
    expect(judgeQuotaChange(status, NOON_MS + 2 * MINUTE_MS, SCOPE).latest).toMatchObject({ toRps: 9_000 });
  });
});
