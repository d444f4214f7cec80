import { describe, expect, it } from 'vitest';
import {
  NO_NUMBERS,
  NO_READINGS,
  type QuotaNumbers,
  resolveQuota,
} from '#shared/domain/headroom/quota/quota-in-force.ts';

const REGION = 'us-east-1';

function resolve(getAccount: QuotaNumbers, serviceQuotas: QuotaNumbers, override = NO_NUMBERS) {
  const { readings: _, ...quota } = resolveQuota({
    override,
    readings: { getAccount, serviceQuotas },
    region: REGION,
  });
  return quota;
}

describe('resolveQuota()', () => {
  it('resolveQuota() takes the lower number, rate and burst each on its own', () => {
    expect(resolve({ rateRps: 8_000, burst: 5_000 }, { rateRps: 10_000, burst: 4_000 })).toEqual({
      rateRps: 8_000,
      burst: 4_000,
      rateSource: 'get-account',
      burstSource: 'service-quotas',
    });
  });

  it('resolveQuota() takes GetAccount’s word where both say the same', () => {
    const same = { rateRps: 10_000, burst: 5_000 };

    expect(resolve(same, same)).toEqual({ ...same, rateSource: 'get-account', burstSource: 'get-account' });
  });

  it('resolveQuota() takes what one says where the other does not', () => {
    expect(resolve(NO_NUMBERS, { rateRps: 20_000, burst: null })).toEqual({
      rateRps: 20_000,
      burst: 5_000,
      rateSource: 'service-quotas',
      burstSource: 'region-default',
    });
  });

  it('resolveQuota() takes the override for each number that it has, higher or lower', () => {
    const read = { rateRps: 10_000, burst: 5_000 };

    expect(resolve(read, read, { rateRps: 30_000, burst: null })).toEqual({
      rateRps: 30_000,
      burst: 5_000,
      rateSource: 'override',
      burstSource: 'get-account',
    });
    expect(resolve(read, read, { rateRps: null, burst: 1 })).toMatchObject({
      burst: 1,
      burstSource: 'override',
    });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'resolveQuota() takes %d for not told, whoever says it',
    (nonsense) => {
      const told = { rateRps: nonsense, burst: nonsense };
      const read = { rateRps: 9_000, burst: 4_500 };

      expect(resolve(told, read)).toMatchObject({ ...read, rateSource: 'service-quotas' });
      expect(resolve(read, told)).toMatchObject({ ...read, rateSource: 'get-account' });
      expect(resolve(read, read, told)).toMatchObject({ ...read, rateSource: 'get-account' });
      expect(resolve(told, told)).toMatchObject({ rateRps: 10_000, rateSource: 'region-default' });
    },
  );

  it('resolveQuota() assumes the default of the Region where nobody tells', () => {
    expect(resolveQuota({ override: NO_NUMBERS, readings: NO_READINGS, region: 'eu-south-1' })).toEqual({
      rateRps: 2_500,
      burst: 1_250,
      rateSource: 'region-default',
      burstSource: 'region-default',
      readings: NO_READINGS,
    });
  });

  it('resolveQuota() keeps what was read beside what is in force', () => {
    const readings = { getAccount: { rateRps: 1, burst: 2 }, serviceQuotas: { rateRps: 3, burst: 4 } };

    expect(resolveQuota({ override: { rateRps: 9, burst: 9 }, readings, region: REGION }).readings).toEqual(
      readings,
    );
  });
});
