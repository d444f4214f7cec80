import { describe, expect, it } from 'vitest';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

const LATEST = {
  quotaRps: 10_000,
  slopeRpsPerMinute: 62.4,
  minutesToQuota: 84.2,
  earliestMinutes: 61.9,
  latestMinutes: 131.1,
  usesEarlierDays: 0,
};

function described(differences: Partial<Occurrence>) {
  return describeFinding(
    createOccurrence('headroom.forecast', { scope: ACCOUNT, ...differences }),
    INVENTORY,
  );
}

describe('describeFinding() on a forecast', () => {
  it('describeFinding() says how fast demand grows and how long it takes, with the interval rounded outwards', () => {
    expect(described({ latest: LATEST })).toMatchObject({
      title: 'Account heads for its throttle',
      value: 84.2,
      unit: 'minutes',
      evidence: [
        {
          label: 'Forecast',
          value: 'at +62.4 rps/min the quota of 10,000 rps is reached in 84 min (80 %: 61 to 132)',
        },
      ],
      links: [{ label: 'Dashboard' }, { label: 'Raise quota' }],
    });
  });

  it.each([
    ['names earlier days', { latest: { ...LATEST, usesEarlierDays: 1 } }, ', as on earlier days'],
    [
      'looks back once it is over',
      { latest: LATEST, status: 'cleared' as const },
      'would have been reached in 84 min',
    ],
    ['admits that it cannot tell', { latest: { quotaRps: 10_000 } }, 'when it is reached cannot be told'],
  ])('describeFinding() %s', (_, differences, expected) => {
    expect(described(differences).evidence[0]?.value).toContain(expected);
  });
});
