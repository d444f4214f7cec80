import { describe, expect, it } from 'vitest';
import {
  changedMinuteMs,
  isSameQuota,
  quotaAt,
  quotaPeriods,
} from '#shared/domain/headroom/quota/quota-history.ts';
import { createQuotaFrom, createStatusAfter } from '#test/fakes/quota-change.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';

const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 2, 2, 12);
const [OLD, MIDDLE, NEW] = [10_000, 8_000, 9_000].map((rateRps) =>
  createQuotaFrom('get-account', { rateRps, burst: 5_000 }),
) as [
  ReturnType<typeof createQuotaFrom>,
  ReturnType<typeof createQuotaFrom>,
  ReturnType<typeof createQuotaFrom>,
];
const TWICE = createStatusAfter(
  { atMs: NOON_MS + 30_000, from: OLD, to: MIDDLE },
  { atMs: NOON_MS + 10 * MINUTE_MS, from: MIDDLE, to: NEW },
);

describe('quotaAt()', () => {
  it.each([
    [-60, 10_000],
    [-1, 10_000],
    [0, 8_000],
    [9, 8_000],
    [10, 9_000],
    [60, 9_000],
  ])('quotaAt() tells what was in force in minute %d: %d rps', (minute, rateRps) => {
    expect(quotaAt(TWICE, NOON_MS + minute * MINUTE_MS).rateRps).toBe(rateRps);
  });

  it('quotaAt() tells the quota of now where nothing changed', () => {
    const status = createQuotaStatus({ rateRps: 100, burst: 50 });

    expect(quotaAt(status, NOON_MS)).toBe(status);
  });
});

describe('quotaPeriods()', () => {
  it('quotaPeriods() covers all time without gaps, by the same quotas as quotaAt()', () => {
    const periods = quotaPeriods(TWICE);

    expect(periods.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [Number.NEGATIVE_INFINITY, NOON_MS],
      [NOON_MS, NOON_MS + 10 * MINUTE_MS],
      [NOON_MS + 10 * MINUTE_MS, Number.POSITIVE_INFINITY],
    ]);
    for (const { quota, fromMs, toMs } of periods) {
      for (const minuteMs of [fromMs, toMs - MINUTE_MS].filter(Number.isFinite)) {
        expect(quotaAt(TWICE, minuteMs).rateRps).toBe(quota.rateRps);
      }
    }
  });

  it('quotaPeriods() is one for a quota that never changed', () => {
    expect(quotaPeriods(createQuotaStatus({ rateRps: 100, burst: 50 }))).toMatchObject([
      { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, quota: { rateRps: 100 } },
    ]);
  });
});

describe('changedMinuteMs()', () => {
  it.each([0, 1, 59_999])(
    'changedMinuteMs() is the minute in which it was noticed, %d ms after noon',
    (ms) => {
      expect(changedMinuteMs({ atMs: NOON_MS + ms, from: OLD, to: NEW })).toBe(NOON_MS);
    },
  );
});

describe('isSameQuota()', () => {
  it('isSameQuota() compares both numbers, not who told them', () => {
    expect(isSameQuota(OLD, createQuotaStatus(OLD))).toBe(true);
    expect(isSameQuota(OLD, { ...OLD, burst: 1 })).toBe(false);
    expect(isSameQuota(OLD, NEW)).toBe(false);
  });
});
