import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

function facts(kind: JudgedKind, differences: Partial<Occurrence> = {}): Record<string, string> {
  const { evidence } = describeFinding(createOccurrence(kind, differences), INVENTORY);
  return Object.fromEntries(evidence.map(({ label, value }) => [label, value]));
}

describe('describeFinding() on a noisy neighbour', () => {
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

  const NOISY = { nowRps: 6_100, usualRps: 900, nowShare: 0.61, usualShare: 0.14 };

  it('describeFinding() tells the shares of the account, and the limit that would have helped', () => {
    const latest = { ...NOISY, limitRps: 1_500, limitBurst: 750, limitRefusedRps: 4_600 };

    expect(facts('noisy-neighbour', { latest })).toEqual({
      'Caused by':
        'orders-api/prod 6,100 rps, usually 900 (6.8 ×) · 61 % of the account, usually 14 % · no stage limit',
    });
    expect(describeFinding(createOccurrence('noisy-neighbour', { latest }), INVENTORY).nextStep).toBe(
      'Limit orders-api/prod to 1,500 rps, burst 750: would have refused 4,600 rps of its own, frees the others · or raise quota L-8A5B8E43.',
    );
  });

  it('describeFinding() says where no limit would have helped', () => {
    const latest = { ...NOISY, hasNoLimit: 1 };

    expect(describeFinding(createOccurrence('noisy-neighbour', { latest }), INVENTORY).nextStep).toBe(
      'Raise quota L-8A5B8E43: no limit of orders-api/prod both keeps its usual traffic and protects the others.',
    );
  });

  it('describeFinding() still describes what an older version stored', () => {
    const latest = { nowRps: 6_100, usualRps: 900, growthShare: 0.9 };

    expect(describeFinding(createOccurrence('noisy-neighbour', { latest }), INVENTORY)).toMatchObject({
      evidence: [{ value: 'orders-api/prod 6,100 rps, usually 900 (6.8 ×) · no stage limit' }],
      nextStep:
        'Limit orders-api/prod at its stage, so that it cannot starve the others · or raise quota L-8A5B8E43.',
    });
  });

  it('describeFinding() says that what has no access log is known by the minute', () => {
    const latest = { ...NOISY, isUnlogged: 1, limitRps: 1_500, limitBurst: 750, limitRefusedRps: 4_600 };

    expect(facts('noisy-neighbour', { latest })['Caused by']).toMatch(
      / · no access log: counted by API Gateway, per minute$/,
    );
    expect(describeFinding(createOccurrence('noisy-neighbour', { latest }), INVENTORY).nextStep).toContain(
      'would have refused about 4,600 rps',
    );
  });
});
