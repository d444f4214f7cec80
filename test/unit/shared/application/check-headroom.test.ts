import { describe, expect, it } from 'vitest';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import type { PublishMetricData } from '#shared/application/ports.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { createQuotaFrom, createStatusAfter } from '#test/fakes/quota-change.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';
import { createAccount, inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const QUOTA = { rateRps: 100, burst: 50 };
const LOWERED_AT_NOON = createStatusAfter({
  atMs: NOON_MS + 30_000,
  from: createQuotaFrom('get-account', QUOTA),
  to: createQuotaFrom('get-account', { rateRps: 50, burst: 25 }),
});
const BIG = { apiId: 'big', stage: 'prod' };
const SMALL = { apiId: 'small', stage: 'prod' };

function createFixture(publishMetricData?: PublishMetricData) {
  const quotas = { status: createQuotaStatus(QUOTA) };
  const fixture = createAccount(inventoryOf(BIG, SMALL));
  const { account, metrics, runEvaluation, readableAfter } = fixture;
  const checkHeadroom = createCheckHeadroom({
    assessHeadroom: createAssessHeadroom({ account, readMetrics: metrics.readMetrics }),
    readQuota: async () => quotas.status,
    publishMetricData: publishMetricData ?? metrics.publishMetricData,
    runEvaluation,
  });
  const checkAfter = async (minuteMs: number) => {
    readableAfter(minuteMs);
    return checkHeadroom();
  };
  const kinds = (findings: readonly Finding[]) => [...new Set(findings.map(({ kind }) => kind))].sort();
  return { ...fixture, quotas, checkAfter, kinds };
}

describe('checkHeadroom()', () => {
  it('checkHeadroom() finds nothing on a quiet account and publishes its minute once', async () => {
    const { addMinute, checkAfter, metrics, findings } = createFixture();
    await addMinute(BIG, NOON_MS, 10);

    await checkAfter(NOON_MS);
    await checkAfter(NOON_MS);

    expect(findings()).toEqual([]);
    expect(metrics.total('AccountDemandRps', {})).toBe(10);
    expect(metrics.total('AccountRpsPeak', {})).toBe(10);
    expect(metrics.total('AccountQuotaRps', {})).toBe(100);
    expect(metrics.total('AccountUtilization', {})).toBeCloseTo(10);
    expect(metrics.total('BurstTokensLeft', {})).toBe(50);
  });

  it.each(['not-counted', 'refused'] as const)(
    'checkHeadroom() throws when the account metrics are %s, so that somebody hears of it',
    async (answer) => {
      const { addMinute, checkAfter } = createFixture(async () => answer);
      await addMinute(BIG, NOON_MS, 10);

      await expect(checkAfter(NOON_MS)).rejects.toThrow(answer);
    },
  );

  it('checkHeadroom() publishes nothing for a minute without data: nobody knows whether it was quiet', async () => {
    const { checkAfter, metrics } = createFixture();

    const report = await checkAfter(NOON_MS);

    expect(report.minutes).toEqual([]);
    expect(metrics.listDimensions('AccountDemandRps')).toEqual([]);
  });

  it('checkHeadroom() finds a three-second spike to twice the quota in a minute that is quiet on average', async () => {
    const { addMinute, addSecond, checkAfter, findings, kinds } = createFixture();
    for (let minute = -20; minute <= 0; minute += 1) await addMinute(BIG, NOON_MS + minute * MINUTE_MS, 6);
    for (const second of [20, 21, 22]) await addSecond(SMALL, NOON_MS + second * 1_000, 200);

    await checkAfter(NOON_MS);

    const burst = findings().find(({ kind }) => kind === 'burst.exhausted');
    expect(burst?.evidence.map(({ value }) => value)).toEqual([
      '16 rps of 100 (16 %) · peak second 206 rps (206 %)',
      'empty for 3 s · ≥ 268 refusals predicted',
    ]);
    expect(burst?.severity).toBe('critical');
    expect(kinds(findings())).toEqual(['burst.exhausted', 'headroom.low', 'noisy-neighbour']);
  });

  it('checkHeadroom() blames a surge on the small API that grew, not on the biggest one', async () => {
    const { addMinute, checkAfter, findings } = createFixture();
    for (let minute = -70; minute < 0; minute += 1) {
      await addMinute(BIG, NOON_MS + minute * MINUTE_MS, 60);
      await addMinute(SMALL, NOON_MS + minute * MINUTE_MS, 1);
    }
    await addMinute(BIG, NOON_MS, 60, 5);
    await addMinute(SMALL, NOON_MS, 55, 12);

    await checkAfter(NOON_MS);

    const culprits = findings().filter(({ kind }) => kind === 'noisy-neighbour');
    expect(culprits.map(({ scope }) => scope.apiId)).toEqual(['small']);
    expect(culprits[0]?.evidence[0]?.value).toBe(
      'small-api/prod 55 rps, usually 1 (55 ×) · 48 % of the account, usually 1.6 % · no stage limit',
    );
    const hurt = findings()
      .find(({ kind }) => kind === 'throttling.account')
      ?.evidence.find(({ label }) => label === 'Hurt');
    expect(hurt?.value).toBe('big-api/prod ≥ 300 refused (8.3 %)');
  });

  it('checkHeadroom() takes a stage for what it was in the minutes that are known, where most of the hour is not', async () => {
    const { addMinute, checkAfter, findings } = createFixture();
    for (let minute = -15; minute < 0; minute += 1) {
      await addMinute(BIG, NOON_MS + minute * MINUTE_MS, 60);
      await addMinute(SMALL, NOON_MS + minute * MINUTE_MS, 1);
    }
    await addMinute(BIG, NOON_MS, 62, 5);
    await addMinute(SMALL, NOON_MS, 50, 12);

    await checkAfter(NOON_MS);

    const culprits = findings().filter(({ kind }) => kind === 'noisy-neighbour');
    expect(culprits.map(({ scope }) => scope.apiId)).toEqual(['small']);
    expect(culprits[0]?.expected).toBe(1);
  });

  it('checkHeadroom() blames nobody while nobody knows what is usual', async () => {
    const { addMinute, checkAfter, findings, kinds } = createFixture();
    await addMinute(BIG, NOON_MS, 90, 20);
    await addMinute(SMALL, NOON_MS, 40, 10);

    await checkAfter(NOON_MS);

    expect(kinds(findings())).toEqual([
      'burst.exhausted',
      'headroom.exhausted',
      'headroom.low',
      'throttling.account',
    ]);
  });

  it('checkHeadroom() does not call 429s account throttling while the account is far from its quota', async () => {
    const { addMinute, checkAfter, findings, kinds } = createFixture();
    await addMinute(SMALL, NOON_MS, 5, 2);

    await checkAfter(NOON_MS);

    expect(kinds(findings())).toEqual(['throttling.stage']);
  });

  it('checkHeadroom() tells of a lowered quota for five minutes, also without requests, and then ends it', async () => {
    const { quotas, checkAfter, findings } = createFixture();
    await checkAfter(NOON_MS - MINUTE_MS);
    quotas.status = LOWERED_AT_NOON;

    const told: unknown[] = [];
    for (let minute = 0; minute < 12; minute += 1) {
      const before = findings().length;
      await checkAfter(NOON_MS + minute * MINUTE_MS);
      told.push(findings()[before]?.status);
    }

    expect(told).toEqual([...Array(9).fill('open'), ...Array(3).fill('cleared')]);
    expect(new Set(findings().map(({ id, startedAt }) => `${id} ${startedAt}`)).size).toBe(1);
    expect(findings()[0]).toMatchObject({
      kind: 'quota.changed',
      severity: 'warning',
      startedAt: new Date(NOON_MS).toISOString(),
      title: 'Account quota lowered from 100 to 50 rps',
    });
  });

  it('checkHeadroom() judges and publishes each minute under the quota of its time', async () => {
    const { addMinute, quotas, checkAfter, metrics, findings } = createFixture();
    for (let minute = -3; minute <= 1; minute += 1) {
      await addMinute(BIG, NOON_MS + minute * MINUTE_MS, 48);
    }
    await checkAfter(NOON_MS - 3 * MINUTE_MS);
    quotas.status = LOWERED_AT_NOON;

    const { minutes } = await checkAfter(NOON_MS + MINUTE_MS);

    expect(minutes.map(({ usedRatio }) => usedRatio)).toEqual([0.48, 0.48, 0.96, 0.96]);
    expect(metrics.total('AccountQuotaRps', {})).toBe(100 + 2 * 100 + 2 * 50);
    const low = findings().filter(({ kind }) => kind === 'headroom.low');
    expect(low.map(({ startedAt }) => startedAt)).toEqual([new Date(NOON_MS).toISOString()]);
  });

  it('checkHeadroom() comes to the same findings when half of the data is three minutes late', async () => {
    const inTime = createFixture();
    const late = createFixture();
    const rpsIn = (minute: number) => (minute >= 3 && minute < 6 ? 130 : 20);
    for (let minute = 0; minute < 15; minute += 1) {
      const minuteMs = NOON_MS + minute * MINUTE_MS;
      await inTime.addMinute(BIG, minuteMs, rpsIn(minute));
      await inTime.addMinute(SMALL, minuteMs, 2);
      await late.addMinute(SMALL, minuteMs, 2);
      if (minute >= 3) await late.addMinute(BIG, minuteMs - 3 * MINUTE_MS, rpsIn(minute - 3));
      await inTime.checkAfter(minuteMs);
      await late.checkAfter(minuteMs);
    }
    for (const minute of [12, 13, 14]) await late.addMinute(BIG, NOON_MS + minute * MINUTE_MS, 20);
    const endMs = NOON_MS + 15 * MINUTE_MS;
    for (const fixture of [inTime, late]) {
      await fixture.addMinute(BIG, endMs, 20);
      await fixture.addMinute(SMALL, endMs, 2);
      await fixture.checkAfter(endMs);
    }

    const final = ({ findings }: typeof late) => {
      const last = new Map(findings().map((finding) => [finding.kind, finding]));
      return [...last.values()].map(({ kind, status, startedAt, lastBadAt, value }) => ({
        kind,
        status,
        startedAt,
        lastBadAt,
        value,
      }));
    };
    expect(final(late)).toEqual(final(inTime));
    expect(final(inTime).length).toBeGreaterThan(0);
  });
});
