import { describe, expect, it } from 'vitest';
import { describeQuotaInForce } from '#shared/domain/findings/quota-words.ts';
import { NO_NUMBERS, type QuotaNumbers, resolveQuota } from '#shared/domain/headroom/quota/quota-in-force.ts';

const USUAL = { rateRps: 10_000, burst: 5_000 };

function quotaOf(getAccount: QuotaNumbers, serviceQuotas: QuotaNumbers, override: QuotaNumbers = NO_NUMBERS) {
  return resolveQuota({ override, readings: { getAccount, serviceQuotas }, region: 'us-east-1' });
}

describe('describeQuotaInForce()', () => {
  it.each([
    [USUAL, USUAL, '10,000 rps, burst 5,000 (GetAccount; Service Quotas agrees)'],
    [USUAL, { rateRps: 10_000, burst: null }, '10,000 rps, burst 5,000 (GetAccount; Service Quotas agrees)'],
    [USUAL, NO_NUMBERS, '10,000 rps, burst 5,000 (GetAccount)'],
    [
      USUAL,
      { rateRps: 20_000, burst: 5_000 },
      '10,000 rps, burst 5,000 (GetAccount; Service Quotas says 20,000)',
    ],
    [
      USUAL,
      { rateRps: 20_000, burst: 10_000 },
      '10,000 rps, burst 5,000 (GetAccount; Service Quotas says 20,000, burst 10,000)',
    ],
    [NO_NUMBERS, USUAL, '10,000 rps, burst 5,000 (Service Quotas)'],
    [
      { rateRps: 20_000, burst: 10_000 },
      USUAL,
      '10,000 rps, burst 5,000 (Service Quotas; GetAccount says 20,000, burst 10,000)',
    ],
    [
      USUAL,
      { rateRps: 8_000, burst: null },
      '8,000 rps (Service Quotas; GetAccount says 10,000), burst 5,000 (GetAccount)',
    ],
    [
      NO_NUMBERS,
      { rateRps: 20_000, burst: null },
      "20,000 rps (Service Quotas), burst 5,000 (assumed: the Region's default)",
    ],
    [NO_NUMBERS, NO_NUMBERS, "10,000 rps, burst 5,000 (assumed: the Region's default)"],
  ])('describeQuotaInForce() says who told it: %j, %j', (getAccount, serviceQuotas, words) => {
    expect(describeQuotaInForce(quotaOf(getAccount, serviceQuotas))).toBe(words);
  });

  it('describeQuotaInForce() says how the override was given, and what AWS says to it', () => {
    const both = { rateRps: 6_000, burst: 3_000 };

    expect(describeQuotaInForce(quotaOf(NO_NUMBERS, NO_NUMBERS, both))).toBe(
      '6,000 rps, burst 3,000 (set by parameter quotaRps, parameter quotaBurst)',
    );
    expect(describeQuotaInForce(quotaOf(USUAL, NO_NUMBERS, { rateRps: 6_000, burst: null }))).toBe(
      '6,000 rps (set by parameter quotaRps; GetAccount says 10,000), burst 5,000 (GetAccount)',
    );
    expect(describeQuotaInForce(quotaOf(both, both, both))).toBe(
      '6,000 rps, burst 3,000 (set by parameter quotaRps, parameter quotaBurst; GetAccount agrees; Service Quotas agrees)',
    );
  });

  it('describeQuotaInForce() takes the names of options', () => {
    const quota = quotaOf(NO_NUMBERS, NO_NUMBERS, { rateRps: 6_000, burst: 3_000 });

    expect(describeQuotaInForce(quota, { rateRps: '--quota-rps', burst: '--quota-burst' })).toBe(
      '6,000 rps, burst 3,000 (set by --quota-rps, --quota-burst)',
    );
  });
});
