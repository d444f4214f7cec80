import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

function apiWith(apiName: string, integrationTimeoutMs: number, stage = 'prod'): InventoryItem {
  return { ...unlistedStage({ apiId: apiName, stage }), apiName, integrationTimeoutMs };
}

const RAISED = [...INVENTORY, apiWith('reports-api', 60_000), apiWith('reports-api', 60_000, 'dev')];

const LOWERED = {
  scope: ACCOUNT,
  latest: {
    fromRps: 10_000,
    toRps: 8_000,
    fromBurst: 5_000,
    toBurst: 4_000,
    'reason:read': 1,
    'source:get-account': 1,
  },
};

function factsOf(kind: JudgedKind, differences: Partial<Occurrence>, inventory = INVENTORY) {
  const { evidence } = describeFinding(createOccurrence(kind, differences), inventory);
  return Object.fromEntries(evidence.map(({ label, value }) => [label, value]));
}

describe('describeFinding() on a changed quota', () => {
  it('describeFinding() says from what to what, and who told it', () => {
    const told = describeFinding(createOccurrence('quota.changed', LOWERED), INVENTORY);

    expect(told).toMatchObject({
      title: 'Account quota lowered from 10,000 to 8,000 rps',
      value: 8_000,
      expected: 10_000,
      unit: 'rps',
      evidence: [
        {
          label: 'Quota changed',
          value: 'from 10,000 rps, burst 5,000 to 8,000 rps, burst 4,000 (GetAccount)',
        },
      ],
    });
    expect(told.nextStep).toContain('L-E5AE38E3');
    expect(told.links.map(({ label }) => label)).toEqual(['Dashboard', 'Raise quota']);
  });

  it('describeFinding() says that a lower quota may be the price of a raised integration timeout', () => {
    expect(factsOf('quota.changed', LOWERED, RAISED)['Quota']).toBe(
      'lowered, perhaps the price of raised integration timeouts: reports-api (60 s)',
    );
  });

  it.each([
    [{ ...LOWERED.latest, toRps: 20_000 }, 'Account quota raised from 10,000 to 20,000 rps'],
    [
      { ...LOWERED.latest, toRps: 10_000, 'reason:read': 0, 'reason:set': 1 },
      'Account burst lowered from 5,000 to 4,000 requests',
    ],
    [
      { ...LOWERED.latest, 'reason:read': 0, 'reason:learned': 1 },
      'Account quota is now known: 8,000 rps, not 10,000',
    ],
  ])('describeFinding() has nothing to do and nobody to blame for %j', (latest, title) => {
    const told = describeFinding(createOccurrence('quota.changed', { ...LOWERED, latest }), RAISED);

    expect(told.title).toBe(title);
    expect(told.nextStep).toMatch(/^Nothing: /);
    expect(told.evidence.map(({ label }) => label)).toEqual(['Quota changed']);
  });
});

describe('describeFinding() on a quota that is not as it should be', () => {
  const latest = { demandRps: 7_000, usedRatio: 0.875, quotaRps: 8_000 };

  it.each(['headroom.low', 'headroom.exhausted'] as const)(
    'describeFinding() says for %s that the quota is low, next to raised integration timeouts',
    (kind) => {
      const read = { scope: ACCOUNT, latest: { ...latest, 'source:get-account': 1 } };

      expect(factsOf(kind, read, RAISED)['Quota']).toBe(
        "8,000 rps, below the Region's default 10,000, perhaps the price of raised integration timeouts: reports-api (60 s)",
      );
      expect(factsOf(kind, read)).not.toHaveProperty('Quota');
    },
  );

  it('describeFinding() names the longest timeouts, and how many more there are', () => {
    const apis = [31, 90, 45, 60, 120].map((seconds) => apiWith(`api${seconds}`, seconds * 1_000));

    expect(
      factsOf('headroom.low', { scope: ACCOUNT, latest: { ...latest, 'source:service-quotas': 1 } }, apis),
    ).toMatchObject({
      Quota: expect.stringMatching(/: api120 \(120 s\), api90 \(90 s\), api60 \(60 s\), 2 more$/),
    });
  });

  it('describeFinding() takes no default timeout for a raised one', () => {
    const defaults = [apiWith('rest', 29_000), { ...apiWith('http', 30_000), apiType: 'HTTP' as const }];
    const read = { scope: ACCOUNT, latest: { ...latest, 'source:get-account': 1 } };

    expect(factsOf('headroom.low', read, defaults)).not.toHaveProperty('Quota');
  });

  it('describeFinding() blames no timeout for a quota of the usual size', () => {
    const read = { scope: ACCOUNT, latest: { ...latest, quotaRps: 10_000, 'source:get-account': 1 } };

    expect(factsOf('headroom.low', read, RAISED)).not.toHaveProperty('Quota');
  });

  it('describeFinding() says that the quota is assumed', () => {
    const assumed = { scope: ACCOUNT, latest: { ...latest, quotaRps: 10_000, 'source:region-default': 1 } };

    expect(factsOf('headroom.low', assumed)['Quota']).toBe("10,000 rps, assumed: the Region's default");
  });

  it('describeFinding() says nothing of a quota that was set by hand, or of which an old occurrence tells no source', () => {
    const set = { scope: ACCOUNT, latest: { ...latest, 'source:override': 1 } };

    expect(factsOf('headroom.low', set, RAISED)).not.toHaveProperty('Quota');
    expect(factsOf('headroom.low', { scope: ACCOUNT, latest }, RAISED)).not.toHaveProperty('Quota');
  });
});
