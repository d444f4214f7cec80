import { describe, expect, it } from 'vitest';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { createOrdinaryAccount } from '#test/fakes/ordinary-account.ts';

const QUOTA = { rateRps: 10_000, burst: 5_000 };
const NOISE = { deviationRatio: 0.03, likeness: 0.5 };
const HOUR = 60;
const DAY = 24 * HOUR;

function createAccount(usedRatio: number) {
  return createOrdinaryAccount({ peakRps: usedRatio * QUOTA.rateRps, noise: NOISE }, QUOTA, 1);
}

function told(findings: readonly Finding[]): (readonly [string, string, string | undefined])[] {
  return findings.map(({ kind, severity, scope }) => [kind, severity, scope.apiId] as const);
}

/** Recorded, never a message: one stage has no access log. */
const UNLOGGED = ['blind.logs', 'info', 'reports'] as const;

// Docs/headroom.md has the figures of whole weeks; days 0 to 4 are working days.
describe('the deployed evaluators on ordinary traffic', () => {
  it('evaluators tell nothing from a Sunday to a Monday that comes to half of the quota', async () => {
    const { live, occurrences, incidents } = createAccount(0.5);

    const demandRps = await live(6 * DAY + 18 * HOUR, 8 * DAY);

    expect(Math.max(...demandRps)).toBeGreaterThan(0.48 * QUOTA.rateRps);
    expect(told(occurrences())).toEqual([UNLOGGED]);
    expect(incidents.listAll()).toEqual([]);
  });

  it('evaluators record on a day that comes to 70 % of the quota that it is above 60 %, and open no incident', async () => {
    const { live, occurrences, incidents } = createAccount(0.7);

    const demandRps = await live(3 * DAY + 8 * HOUR, 3 * DAY + 20 * HOUR);

    expect(Math.max(...demandRps)).toBeGreaterThan(0.7 * QUOTA.rateRps);
    const kinds = told(occurrences()).filter(([kind]) => kind !== 'headroom.forecast');
    expect(kinds).toEqual([UNLOGGED, ['headroom.low', 'info', undefined]]);
    // Wandering demand looks like a climb now and then; none of these forecasts is worth a message.
    const forecasts = occurrences().filter(({ kind }) => kind === 'headroom.forecast');
    expect(forecasts.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(forecasts.length).toBeLessThanOrEqual(2);
    expect(incidents.listAll()).toEqual([]);
  });

  it('evaluators open one incident of the account on such a day above the quota', async () => {
    const { live, occurrences, incidents } = createAccount(1.1);

    await live(3 * DAY + 13 * HOUR, 3 * DAY + 14 * HOUR);

    expect(told(occurrences())).toContainEqual(['headroom.exhausted', 'critical', undefined]);
    expect(incidents.listAll().map(({ story, severity }) => [story.kind, severity])).toEqual([
      ['account', 'critical'],
    ]);
  });
});
