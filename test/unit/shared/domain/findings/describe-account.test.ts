import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

const QUOTA_URL =
  'https://eu-west-1.console.aws.amazon.com/servicequotas/home/services/apigateway/quotas/L-8A5B8E43?region=eu-west-1';

function facts(kind: JudgedKind, differences: Partial<Occurrence> = {}): Record<string, string> {
  const { evidence } = describeFinding(createOccurrence(kind, differences), INVENTORY);
  return Object.fromEntries(evidence.map(({ label, value }) => [label, value]));
}

const BUSY = {
  scope: ACCOUNT,
  latest: { demandRps: 10_240, usedRatio: 1.024, quotaRps: 10_000, quotaBurst: 5_000 },
  sums: { requests: 180_000, refused: 3_420, secondsAtZero: 41, predictedThrottles: 3_300.4 },
  peaks: { demandRps: 11_000, usedRatio: 1.1, peakRps: 14_900, peakUsedRatio: 1.49, tokensUsed: 5_000 },
};

describe('describeFinding() on the account', () => {
  it.each(['headroom.low', 'headroom.exhausted', 'burst.exhausted'] as const)(
    'describeFinding() says how full it is for %s',
    (kind) => {
      const { value, expected, unit, links } = describeFinding(createOccurrence(kind, BUSY), INVENTORY);

      expect({ value, expected, unit }).toEqual({ value: 11_000, expected: 10_000, unit: 'rps' });
      expect(links.map(({ label }) => label)).toEqual(['Dashboard', 'Raise quota']);
      expect(links.at(-1)?.url).toBe(QUOTA_URL);
      expect(facts(kind, BUSY)).toEqual({
        Now: '10,240 rps of 10,000 (102 %) · peak second 14,900 rps (149 %)',
        'Burst bucket': 'empty for 41 s · ≥ 3,300 refusals predicted',
        'Cost so far': '≥ 3,420 requests refused, 1.9 % of all',
      });
    },
  );

  it('describeFinding() says how bad it was at worst, once it is over', () => {
    expect(facts('headroom.exhausted', { ...BUSY, status: 'cleared' })).toMatchObject({
      'At worst': '11,000 rps of 10,000 (110 %) · peak second 14,900 rps (149 %)',
      'Burst bucket': 'empty for 41 s · ≥ 3,300 refusals predicted',
    });
  });

  it.each([
    ['was used in part', { tokensUsed: 3_800 }, {}, 'never below 1,200 of 5,000 tokens'],
    ['was not used', { tokensUsed: 0 }, {}, undefined],
    ['was not measured by an older version', {}, {}, undefined],
    ['was empty and refused nothing', { tokensUsed: 5_000 }, { secondsAtZero: 2 }, 'empty for 2 s'],
    [
      'refused one request',
      { tokensUsed: 5_000 },
      { secondsAtZero: 1, predictedThrottles: 1 },
      'empty for 1 s · ≥ 1 refusal predicted',
    ],
  ])('describeFinding() tells of a burst that %s', (_, peaks, sums, expected) => {
    expect(facts('headroom.low', { ...BUSY, peaks, sums })['Burst bucket']).toBe(expected);
  });

  it('describeFinding() leaves out what did not happen', () => {
    const peaks = { ...BUSY.peaks, tokensUsed: 0 };
    const sums = { requests: 9, refused: 0, secondsAtZero: 0 };

    expect(facts('headroom.low', { ...BUSY, peaks, sums })).toEqual({
      Now: '10,240 rps of 10,000 (102 %) · peak second 14,900 rps (149 %)',
    });
  });

  it('describeFinding() counts a single second, request and refusal', () => {
    const sums = { requests: 2, refused: 1, secondsAtZero: 1, 'refused:a1/prod': 1, 'requests:a1/prod': 2 };

    expect(facts('headroom.low', { ...BUSY, sums })['Burst bucket']).toBe('empty for 1 s');
    expect(facts('throttling.account', { scope: ACCOUNT, sums })).toEqual({
      Hurt: 'orders-api/prod ≥ 1 refused (50 %)',
      'Cost so far': '≥ 1 requests refused, 50 % of all',
    });
    expect(describeFinding(createOccurrence('throttling.account', { sums }), INVENTORY).expected).toBe(0);
  });

  it('describeFinding() says how much of the demand no log shows, and where it is a lower bound', () => {
    const latest = { ...BUSY.latest, unloggedRps: 640, clippedSeconds: 44 };
    const peaks = { ...BUSY.peaks, clippedSeconds: 44 };

    expect(facts('headroom.low', { ...BUSY, latest, peaks })['Now']).toBe(
      '≥ 10,240 rps of 10,000 (102 %) · peak second 14,900 rps (149 %) · 640 rps of it without logs, a mean',
    );
    expect(facts('headroom.low', { ...BUSY, latest, peaks, status: 'cleared' })['At worst']).toBe(
      '≥ 11,000 rps of 10,000 (110 %) · peak second 14,900 rps (149 %)',
    );
  });
});
