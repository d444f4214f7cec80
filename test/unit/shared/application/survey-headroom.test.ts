import { describe, expect, it } from 'vitest';
import type { MetricSeries, ReadServiceCounts } from '#shared/application/ports.ts';
import { createSurveyHeadroom } from '#shared/application/survey-headroom.ts';
import type { InventoryItem, StageId } from '#shared/domain/inventory/stage.ts';
import { createAccount, inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const BIG = { apiId: 'big', stage: 'prod' };
const SMALL = { apiId: 'small', stage: 'prod' };
const NUMBERS = { rateRps: 100, burst: 50 };
const QUOTA = {
  ...NUMBERS,
  rateSource: 'get-account',
  burstSource: 'get-account',
  readings: { getAccount: NUMBERS, serviceQuotas: NUMBERS },
  changes: [],
} as const;

/** Stages with an access log. */
function loggedInventory(...ids: StageId[]): InventoryItem[] {
  return inventoryOf(...ids).map((item) => ({ ...item, logGroup: `/logs/${item.apiId}` }));
}

/** A survey at 12:02, to which 12:00 is the newest minute. */
function createFixture(inventory: readonly InventoryItem[] = loggedInventory(BIG, SMALL)) {
  const fixture = createAccount(inventory);
  const { account, metrics, readableAfter } = fixture;
  readableAfter(NOON_MS);
  const counts = new Map<string, Map<number, number>>();
  const readServiceCounts: ReadServiceCounts = async (queries, { fromMs, toMs }) =>
    queries.map(({ name, dimensions }): MetricSeries => {
      const key = `${name} ${Object.values(dimensions).join('/')}`;
      return new Map([...(counts.get(key) ?? [])].filter(([ms]) => ms >= fromMs && ms < toMs));
    });
  /** Requests that API Gateway counts in each minute from so many minutes ago on. */
  const count = (key: string, minutesAgo: number, requests: number): void => {
    const series = counts.get(key) ?? new Map<number, number>();
    for (let minute = -minutesAgo; minute <= 0; minute += 1)
      series.set(NOON_MS + minute * MINUTE_MS, requests);
    counts.set(key, series);
  };
  const survey = createSurveyHeadroom({
    account,
    readMetrics: metrics.readMetrics,
    readServiceCounts,
    readQuota: async () => QUOTA,
    readInventory: async () => inventory,
    now: () => new Date(fixture.clock.nowMs),
  });
  return { ...fixture, count, survey };
}

describe('surveyHeadroom()', () => {
  it('surveyHeadroom() looks at the last thirty minutes that can be complete, and not at the rest', async () => {
    const { addMinute, survey } = createFixture();
    for (const minute of [-40, -29, 0, 1]) await addMinute(BIG, NOON_MS + minute * MINUTE_MS, 10);

    const { fromMs, toMs, minutes } = await survey();

    expect([fromMs, toMs]).toEqual([NOON_MS - 29 * MINUTE_MS, NOON_MS + MINUTE_MS]);
    expect(minutes.map(({ minuteMs }) => minuteMs)).toEqual([fromMs, NOON_MS]);
  });

  it('surveyHeadroom() tells what stages take and usually take, of the seconds that logs tell', async () => {
    const { addMinute, addSecond, survey } = createFixture();
    for (let minute = -70; minute <= 0; minute += 1) {
      await addMinute(BIG, NOON_MS + minute * MINUTE_MS, 30);
      await addMinute(SMALL, NOON_MS + minute * MINUTE_MS, minute < 0 ? 10 : 30);
    }
    await addSecond(SMALL, NOON_MS + 5_000, 20, 4);

    const { source, minutes, stages } = await survey();

    expect(source).toBe('access-logs');
    expect(minutes.at(-1)).toMatchObject({ requests: 3_620, perSecond: { peakRps: 76, throttled: 4 } });
    expect(stages).toMatchObject([
      { apiId: 'small', apiName: 'small-api', usualRps: 10, usualShare: 0.25, throttled: 4, limits: null },
      { apiId: 'big', nowRps: 30, usualRps: 30, usualShare: 0.75, throttled: 0 },
    ]);
    expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('surveyHeadroom() shows requests that nothing identifies', async () => {
    const { addMinute, survey } = createFixture();
    await addMinute({ apiId: 'unknown', stage: 'unknown' }, NOON_MS, 10);

    expect((await survey()).stages).toMatchObject([{ apiId: 'unknown', nowRps: 10, share: 1 }]);
  });

  it('surveyHeadroom() tells what holds at the end, the worst first', async () => {
    const { addMinute, survey } = createFixture();
    for (let minute = -70; minute <= 0; minute += 1) {
      await addMinute(BIG, NOON_MS + minute * MINUTE_MS, 40);
      await addMinute(SMALL, NOON_MS + minute * MINUTE_MS, minute < -2 ? 1 : 90, minute < -2 ? 0 : 5);
    }
    // Over long before the end.
    await addMinute(BIG, NOON_MS - 25 * MINUTE_MS, 90);

    const { findings } = await survey();

    expect(findings.map(({ severity }) => severity)).toEqual(
      [...findings.map(({ severity }) => severity)].sort(),
    );
    expect(findings.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['headroom.exhausted', 'throttling.account', 'noisy-neighbour']),
    );
    for (const { status, startedAt } of findings)
      expect([status, Date.parse(startedAt) >= NOON_MS - 2 * MINUTE_MS]).toEqual(['open', true]);
  });

  it('surveyHeadroom() takes the counts of API Gateway only where no log is counted', async () => {
    const deployed = createFixture();
    await deployed.addMinute(BIG, NOON_MS, 10);
    deployed.count('Count big-api/prod', 0, 6_000);

    expect(await deployed.survey()).toMatchObject({ source: 'access-logs', minutes: [{ requests: 600 }] });

    const foreign = createFixture();
    foreign.count('Count big-api/prod', 70, 3_600);
    foreign.count('Count small-api/prod', 70, 1_200);

    const { source, minutes, stages } = await foreign.survey();

    expect(source).toBe('service-counts');
    expect(minutes).toHaveLength(30);
    expect(minutes[0]).toMatchObject({ requests: 4_800, demandRps: 80, usedRatio: 0.8, perSecond: null });
    expect(stages).toMatchObject([
      { apiId: 'big', nowRps: 60, usualRps: 60, share: 0.75, throttled: null },
      { apiId: 'small', nowRps: 20, throttled: null },
    ]);
  });

  it('surveyHeadroom() adds stages without a log to those with one, by their means', async () => {
    const { addMinute, count, survey } = createFixture([...loggedInventory(BIG), ...inventoryOf(SMALL)]);
    await addMinute(BIG, NOON_MS, 30);
    count('Count big-api/prod', 70, 1_800);
    count('Count small-api/prod', 70, 600);

    const { source, minutes, stages, sources } = await survey();

    expect(source).toBe('access-logs');
    expect(minutes.at(-1)).toMatchObject({ requests: 2_400, demandRps: 40, perSecond: { unloggedRps: 10 } });
    expect(stages).toMatchObject([
      { apiId: 'big', nowRps: 30, throttled: 0 },
      { apiId: 'small', nowRps: 10, usualRps: 10, throttled: null },
    ]);
    expect(sources?.stages.find(({ name }) => name === 'small-api/prod')?.reason).toBe('no-access-log');
  });

  it('surveyHeadroom() estimates no minute that API Gateway has not counted yet', async () => {
    const { count, survey, readableAfter } = createFixture();
    count('Count big-api/prod', 70, 3_600);
    readableAfter(NOON_MS + 3 * MINUTE_MS);

    const { minutes, stages } = await survey();

    expect(minutes.at(-1)).toMatchObject({ minuteMs: NOON_MS, demandRps: 60 });
    expect(stages).toMatchObject([{ apiId: 'big', nowRps: 60 }]);
  });

  it('surveyHeadroom() judges minutes by their means, and claims nothing of their seconds', async () => {
    const { count, survey } = createFixture();
    count('Count big-api/prod', 10, 7_200);

    const { findings } = await survey();

    expect(findings.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
      'headroom.low critical',
      'headroom.exhausted critical',
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/peak|bucket|refused, /);
  });

  it('surveyHeadroom() counts stages of one name once, and adds up what a WebSocket API has two counts of', async () => {
    const rest = inventoryOf(BIG, { apiId: 'twin', stage: 'prod' }).map((item) => ({
      ...item,
      apiName: 'api',
    }));
    const [chat] = inventoryOf({ apiId: 'chat', stage: 'live' }).map(
      (item): InventoryItem => ({ ...item, apiType: 'WEBSOCKET' }),
    );
    const { count, survey } = createFixture(chat === undefined ? rest : [...rest, chat]);
    count('Count api/prod', 0, 600);
    count('ConnectCount chat/live', 0, 60);
    count('MessageCount chat/live', 0, 120);

    const { minutes, stages } = await survey();

    expect(minutes).toMatchObject([{ requests: 780 }]);
    expect(stages).toMatchObject([
      { apiId: 'big', nowRps: 10, othersCounted: 1 },
      { apiId: 'chat', nowRps: 3, othersCounted: 0 },
    ]);
  });

  it('surveyHeadroom() forecasts as the deployed pipeline does, from either source', async () => {
    const deployed = createFixture();
    const foreign = createFixture();
    for (let minute = -40; minute <= 0; minute += 1) {
      const rps = 60 + minute;
      await deployed.addMinute(BIG, NOON_MS + minute * MINUTE_MS, rps);
      foreign.count('Count big-api/prod', -minute, rps * 60);
    }

    for (const { survey } of [deployed, foreign]) {
      const { trend, forecast, findings } = await survey();

      expect(trend?.slopeRpsPerMinute).toBeCloseTo(1);
      expect(forecast?.minutesToQuota).toBeGreaterThan(35);
      expect(forecast?.minutesToQuota).toBeLessThan(45);
      expect(findings.map(({ kind }) => kind)).toContain('headroom.forecast');
    }
  });

  it('surveyHeadroom() does not take no data for a quiet account', async () => {
    const { survey } = createFixture();

    expect(await survey()).toMatchObject({
      source: 'none',
      minutes: [],
      stages: [],
      findings: [],
      stagesKnown: 2,
    });
  });

  it('surveyHeadroom() needs no stages', async () => {
    expect(await createFixture([]).survey()).toMatchObject({ source: 'none', stagesKnown: 0 });
  });
});
