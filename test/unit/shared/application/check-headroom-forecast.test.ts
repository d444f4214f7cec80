import { describe, expect, it } from 'vitest';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import type { MetricQuery, ReadMetrics } from '#shared/application/ports.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { createClimb, normal } from '#test/fakes/climbing-demand.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';
import { createRandom } from '#test/fakes/random.ts';
import { createAccount, inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const QUOTA = createQuotaStatus({ rateRps: 100, burst: 50 });
const STAGE = { apiId: 'orders', stage: 'prod' };

function datum(differences: Pick<MetricDatum, 'name' | 'timestampMs' | 'values'>): MetricDatum {
  return { dimensions: {}, unit: 'Count', resolutionSeconds: 60, counts: [1], ...differences };
}

/** An account whose stage gets requests by chance, evaluated minute by minute. */
function createFixture(seed: number) {
  const fixture = createAccount(inventoryOf(STAGE));
  const { account, metrics, runEvaluation, readableAfter } = fixture;
  const random = createRandom(seed);
  const asked: MetricQuery[] = [];
  const readMetrics: ReadMetrics = (queries, range) => {
    asked.push(...queries);
    return metrics.readMetrics(queries, range);
  };
  const assessHeadroom = createAssessHeadroom({ account, readMetrics });
  const checkHeadroom = createCheckHeadroom({
    assessHeadroom,
    readQuota: async () => QUOTA,
    publishMetricData: metrics.publishMetricData,
    runEvaluation,
  });
  const addRequests = async (minuteMs: number, rps: number): Promise<void> => {
    const seconds = Array.from({ length: 60 }, (_, second) => ({
      ...datum({
        name: 'RequestCount',
        timestampMs: minuteMs + second * 1_000,
        values: [Math.max(0, Math.round(rps + Math.sqrt(rps) * normal(random)))],
      }),
      resolutionSeconds: 1 as const,
    }));
    await metrics.publishMetricData(seconds);
  };
  const live = async (minutes: number, rpsAt: (minute: number) => number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await addRequests(NOON_MS + minute * MINUTE_MS, rpsAt(minute));
      readableAfter(NOON_MS + minute * MINUTE_MS);
      await checkHeadroom();
    }
  };
  const outlookAfter = async (minute: number) => {
    const fromMs = NOON_MS + minute * MINUTE_MS;
    return (await assessHeadroom({ fromMs, toMs: fromMs + MINUTE_MS }, [], QUOTA)).outlook;
  };
  /** The same hours of days before, each a little busier than the one after it. */
  const liveBefore = async (days: number, rpsAt: (minute: number) => number): Promise<void> => {
    for (let day = 1; day <= days; day += 1) {
      for (let minute = -60; minute < 300; minute += 1) {
        const timestampMs = NOON_MS - day * DAY_MS + minute * MINUTE_MS;
        const rps = Math.max(0, (0.9 + 0.05 * day) * rpsAt(minute) + normal(random));
        await metrics.publishMetricData([datum({ name: 'AccountDemandRps', timestampMs, values: [rps] })]);
      }
    }
  };
  const forecasts = () => fixture.findings().filter(({ kind }) => kind === 'headroom.forecast');
  return { ...fixture, random, asked, assessHeadroom, live, liveBefore, outlookAfter, forecasts };
}

/** From 30 rps to the quota of 100 in 100 minutes. */
const climbAt = (minute: number): number => 30 + 0.7 * (minute + 0.5);
const REACHED_MINUTE = 100;

describe('checkHeadroom() on a smooth climb', () => {
  it('checkHeadroom() forecasts the quota from 30 to 10 minutes ahead, mostly within its interval', async () => {
    const held: boolean[] = [];
    for (let seed = 0; seed < 8; seed += 1) {
      const { live, outlookAfter } = createFixture(seed);
      await live(REACHED_MINUTE - 10, climbAt);
      for (let ahead = 30; ahead >= 10; ahead -= 1) {
        const forecast = (await outlookAfter(REACHED_MINUTE - ahead - 1)).forecasts.at(-1) ?? null;
        held.push(forecast !== null && forecast.earliestMinutes <= ahead && forecast.latestMinutes >= ahead);
      }
    }

    expect(held.filter(Boolean).length / held.length).toBeGreaterThan(0.75);
  });

  it('checkHeadroom() warns an hour before, and ends the forecast once the quota is reached', async () => {
    const { live, forecasts, findings } = createFixture(1);

    await live(REACHED_MINUTE + 20, climbAt);

    const occurrences = [...new Map(forecasts().map((finding) => [finding.startedAt, finding])).values()];
    expect(occurrences.map(({ severity }) => severity)).toEqual(['info', 'warning']);
    const warning = occurrences.at(-1);
    const aheadMinutes =
      (NOON_MS + REACHED_MINUTE * MINUTE_MS - Date.parse(warning?.startedAt ?? '')) / MINUTE_MS;
    expect(aheadMinutes).toBeGreaterThan(40);
    expect(aheadMinutes).toBeLessThanOrEqual(70);
    expect(warning?.status).toBe('cleared');
    expect(findings().findLast(({ kind }) => kind === 'headroom.exhausted')).toMatchObject({
      status: 'open',
    });
  });

  it('checkHeadroom() says in words when the quota is reached', async () => {
    const { live, forecasts } = createFixture(1);

    await live(70, climbAt);

    expect(forecasts().at(-1)?.evidence[0]?.value).toMatch(
      /^at \+0\.\d+ rps\/min the quota of 100 rps is reached in [23]\d min \(80 %: [23]\d to [234]\d\)$/,
    );
  });

  it('assessHeadroom() says the same of a minute alone and among others', async () => {
    const { live, assessHeadroom } = createFixture(3);
    await live(80, climbAt);
    const toMs = NOON_MS + 80 * MINUTE_MS;

    const together = await assessHeadroom({ fromMs: toMs - 40 * MINUTE_MS, toMs }, [], QUOTA);

    const kinds = new Set<string>();
    for (const { minuteMs, judgements } of together.judged) {
      const alone = await assessHeadroom({ fromMs: minuteMs, toMs: minuteMs + MINUTE_MS }, [], QUOTA);
      const [forecast] = judgements.filter(({ kind }) => kind === 'headroom.forecast');
      expect(alone.judged[0]?.judgements).toContainEqual(forecast);
      kinds.add(forecast?.verdict ?? 'none');
    }
    expect(kinds).toContain('breach');
  });

  it('assessHeadroom() compares with the same hours of earlier days, however long its range is', async () => {
    const { live, liveBefore, assessHeadroom, outlookAfter } = createFixture(7);
    await liveBefore(5, climbAt);
    await live(80, climbAt);
    const toMs = NOON_MS + 80 * MINUTE_MS;

    const { outlook } = await assessHeadroom({ fromMs: toMs - 40 * MINUTE_MS, toMs }, [], QUOTA);

    expect(outlook.forecasts.map((forecast) => forecast?.basis)).toEqual(
      new Array(5).fill('trend-and-earlier-days'),
    );
    expect(outlook).toEqual(await outlookAfter(79));
  });
});

describe('checkHeadroom() on a day like other days', () => {
  /** Climbs to 70 % of the quota and stays there. */
  const rampAt = (minute: number): number => Math.min(70, 30 + 0.7 * (minute + 0.5));

  it('checkHeadroom() stays silent on a ramp that flattened on five earlier days', async () => {
    const { live, liveBefore, forecasts, outlookAfter } = createFixture(4);
    await liveBefore(5, rampAt);

    await live(120, rampAt);

    expect(forecasts()).toEqual([]);
    expect((await outlookAfter(50)).trend?.slopeRpsPerMinute).toBeGreaterThan(0.5);
  });

  it('checkHeadroom() tells of the same ramp where no earlier day is known', async () => {
    const { live, forecasts } = createFixture(4);

    await live(60, rampAt);

    expect(forecasts().length).toBeGreaterThan(0);
  });
});

describe('checkHeadroom() on flat demand', () => {
  it('checkHeadroom() forecasts nothing in six hours at three quarters of the quota, uneven as it is', async () => {
    const { live, forecasts, random } = createFixture(5);
    const noise = { deviationRatio: 0.03, likeness: 0.5 };
    const flat = createClimb({ levelRps: 75, slopeRpsPerMinute: 0, noise }, 360, 0, random);

    await live(360, (minute) => flat[minute]?.demandRps ?? 0);

    expect(forecasts()).toEqual([]);
  });

  it('checkHeadroom() does not read earlier days while demand is flat', async () => {
    const { live, asked } = createFixture(6);
    await live(60, () => 20);
    expect(asked.filter(({ name }) => name === 'AccountDemandRps')).toEqual([]);

    const climbing = createFixture(6);
    await climbing.live(60, climbAt);
    expect(climbing.asked.filter(({ name }) => name === 'AccountDemandRps').length).toBeGreaterThan(0);
  });
});
