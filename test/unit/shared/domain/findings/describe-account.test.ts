import { describe, expect, it } from 'vitest';
import type { FindingKind } from '#shared/domain/detection/finding.ts';
import type { Measures, Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

const QUOTA_URL =
  'https://eu-west-1.console.aws.amazon.com/servicequotas/home/services/apigateway/quotas/L-8A5B8E43';

function facts(kind: FindingKind, differences: Partial<Occurrence> = {}): Record<string, string> {
  const { evidence } = describeFinding(createOccurrence(kind, differences), INVENTORY);
  return Object.fromEntries(evidence.map(({ label, value }) => [label, value]));
}

const BUSY = {
  scope: ACCOUNT,
  latest: { demandRps: 10_240, usedRatio: 1.024, quotaRps: 10_000 },
  sums: { requests: 180_000, refused: 3_420, secondsAtZero: 41 },
  peaks: { demandRps: 11_000, usedRatio: 1.1, peakRps: 14_900, peakUsedRatio: 1.49 },
};

describe('describeFinding() on the account', () => {
  it.each(['headroom.low', 'headroom.exhausted'] as const)(
    'describeFinding() says how full it is for %s',
    (kind) => {
      const { value, expected, unit, links } = describeFinding(createOccurrence(kind, BUSY), INVENTORY);

      expect({ value, expected, unit }).toEqual({ value: 11_000, expected: 10_000, unit: 'rps' });
      expect(links).toEqual([{ label: 'Raise quota', url: QUOTA_URL }]);
      expect(facts(kind, BUSY)).toEqual({
        Now: '10,240 rps of 10,000 (102 %) · peak second 14,900 rps (149 %) · burst bucket empty for 41 s',
        'Cost so far': '≥ 3,420 requests refused, 1.9 % of all',
      });
    },
  );

  it('describeFinding() says how bad it was at worst, once it is over', () => {
    expect(facts('headroom.exhausted', { ...BUSY, status: 'cleared' })).toMatchObject({
      'At worst':
        '11,000 rps of 10,000 (110 %) · peak second 14,900 rps (149 %) · burst bucket empty for 41 s',
    });
  });

  it('describeFinding() leaves out what did not happen', () => {
    expect(facts('headroom.low', { ...BUSY, sums: { requests: 9, refused: 0, secondsAtZero: 0 } })).toEqual({
      Now: '10,240 rps of 10,000 (102 %) · peak second 14,900 rps (149 %)',
    });
  });

  it('describeFinding() lists who is hurt, the hardest hit first, without the culprit', () => {
    const sums: Measures = {
      requests: 100_000,
      refused: 9_000,
      'refused:a1/prod': 8_000,
      'requests:a1/prod': 50_000,
      'culprit:a1/prod': 2,
      'refused:b2/v1': 310,
      'requests:b2/v1': 15_500,
      'refused:c3/$default': 690,
      'requests:c3/$default': 6_900,
      'refused:zz/dev': 5,
      'requests:zz/dev': 100,
    };

    expect(facts('throttling.account', { scope: ACCOUNT, sums })).toEqual({
      Hurt: 'search-api/$default ≥ 690 refused (10 %) · users-api/v1 ≥ 310 refused (2 %) · zz/dev ≥ 5 refused (5 %)',
      'Cost so far': '≥ 9,000 requests refused, 9 % of all',
    });
  });

  it('describeFinding() names five of those who are hurt and counts the others', () => {
    const sums = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        [`refused:x${index}/prod`, 100 - index],
        [`requests:x${index}/prod`, 1_000],
      ]).flat(),
    );

    const hurt = facts('throttling.account', { scope: ACCOUNT, sums })['Hurt'];

    expect(hurt?.split(' · ')).toHaveLength(6);
    expect(hurt).toMatch(/^x0\/prod .* · 3 more$/);
  });

  it('describeFinding() counts no others where five are hurt', () => {
    const sums = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`refused:x${index}/prod`, 1]));

    expect(facts('throttling.account', { scope: ACCOUNT, sums })['Hurt']).not.toContain('more');
  });

  it('describeFinding() counts a single second, request and refusal', () => {
    const sums = { requests: 2, refused: 1, secondsAtZero: 1, 'refused:a1/prod': 1, 'requests:a1/prod': 2 };

    expect(facts('headroom.low', { ...BUSY, sums })['Now']).toContain('burst bucket empty for 1 s');
    expect(facts('throttling.account', { scope: ACCOUNT, sums })).toEqual({
      Hurt: 'orders-api/prod ≥ 1 refused (50 %)',
      'Cost so far': '≥ 1 requests refused, 50 % of all',
    });
    expect(describeFinding(createOccurrence('throttling.account', { sums }), INVENTORY).expected).toBe(0);
  });

  it('describeFinding() hurts nobody when the culprit alone is refused', () => {
    const sums = { 'refused:a1/prod': 8, 'requests:a1/prod': 9, 'culprit:a1/prod': 1 };

    expect(facts('throttling.account', { scope: ACCOUNT, sums })).toEqual({});
  });

  it.each([
    ['a1', 'prod', 'no stage limit', 'orders-api/prod'],
    ['b2', 'v1', 'stage limit 2,000 rps', 'users-api/v1'],
    ['c3', '$default', 'limit not known', 'search-api/$default'],
    ['zz', 'dev', 'limit not known', 'zz/dev'],
    ['a1', 'dev', 'limit not known', 'a1/dev'],
  ])('describeFinding() says of the noisy %s/%s: %s', (apiId, stage, limit, name) => {
    const latest = { nowRps: 6_100, usualRps: 900 };

    expect(facts('noisy-neighbour', { scope: { ...ACCOUNT, apiId, stage }, latest })).toEqual({
      'Caused by': `${name} 6,100 rps, usually 900 (6.8 ×) · ${limit}`,
    });
  });

  it.each([
    [900, ' (6.8 ×)'],
    [61, ' (100 ×)'],
    [60, ' (over 100 ×)'],
    [1, ' (over 100 ×)'],
    [0, ''],
  ])('describeFinding() compares with a usual rate of %i', (usualRps, factor) => {
    expect(facts('noisy-neighbour', { latest: { nowRps: 6_100, usualRps } })['Caused by']).toContain(
      `usually ${usualRps}${factor} ·`,
    );
  });
});
