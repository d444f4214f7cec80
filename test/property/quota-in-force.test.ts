import fc from 'fast-check';
import { describe, it } from 'vitest';
import { defaultQuota } from '#shared/domain/headroom/quota/quota.ts';
import { type QuotaNumbers, resolveQuota } from '#shared/domain/headroom/quota/quota-in-force.ts';

const number = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 1, max: 5 }), // equal numbers are common
  fc.double({ min: 0.5, max: 1e6, noNaN: true }),
  fc.constantFrom(0, -0, -5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const numbers = fc.record({ rateRps: number, burst: number });
const known = fc.record({
  override: numbers,
  readings: fc.record({ getAccount: numbers, serviceQuotas: numbers }),
  region: fc.constantFrom('us-east-1', 'eu-south-1'),
});
const KEYS: readonly (keyof QuotaNumbers)[] = ['rateRps', 'burst'];

const isPossible = (value: number | null): value is number =>
  value !== null && value > 0 && value < Number.POSITIVE_INFINITY;

describe('resolveQuota()', () => {
  it('resolveQuota() gives the override, else the lowest possible number that was read, else the default', () => {
    const property = fc.property(known, ({ override, readings, region }) => {
      const quota = resolveQuota({ override, readings, region });
      return KEYS.every((key) => {
        const set = override[key];
        const read = [readings.getAccount[key], readings.serviceQuotas[key]].filter(isPossible);
        const fallback = read.length === 0 ? defaultQuota(region)[key] : Math.min(...read);
        return quota[key] === (isPossible(set) ? set : fallback);
      });
    });

    fc.assert(property, { numRuns: 2_000 });
  });

  it('resolveQuota() names the one who said the number', () => {
    const property = fc.property(known, ({ override, readings, region }) => {
      const quota = resolveQuota({ override, readings, region });
      const said = {
        override,
        'get-account': readings.getAccount,
        'service-quotas': readings.serviceQuotas,
        'region-default': defaultQuota(region),
      };
      return (
        said[quota.rateSource].rateRps === quota.rateRps && said[quota.burstSource].burst === quota.burst
      );
    });

    fc.assert(property, { numRuns: 2_000 });
  });

  it('resolveQuota() gives the same numbers when the services swap what they say', () => {
    const property = fc.property(known, ({ override, readings, region }) => {
      const { getAccount, serviceQuotas } = readings;
      const swapped = { getAccount: serviceQuotas, serviceQuotas: getAccount };
      const a = resolveQuota({ override, readings, region });
      const b = resolveQuota({ override, readings: swapped, region });
      return a.rateRps === b.rateRps && a.burst === b.burst;
    });

    fc.assert(property, { numRuns: 2_000 });
  });
});
