import { describe, expect, it } from 'vitest';
import { createDetectAnomalies } from '#shared/application/detect-anomalies.ts';
import type { MetricQuery, ReadMetrics } from '#shared/application/ports.ts';
import { createAccount, inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const ORDERS = { apiId: 'orders', stage: 'prod' };
const USERS = { apiId: 'users', stage: 'prod' };

function createFixture(inventory = inventoryOf(ORDERS, USERS)) {
  const fixture = createAccount(inventory);
  const { account, metrics, runEvaluation, readableAfter } = fixture;
  const queries: MetricQuery[] = [];
  const readMetrics: ReadMetrics = (asked, range) => {
    queries.push(...asked);
    return metrics.readMetrics(asked, range);
  };
  const detect = createDetectAnomalies({
    account,
    readMetrics,
    runEvaluation,
    availabilityTargetRatio: 0.999,
  });
  const detectAfter = async (minuteMs: number) => {
    readableAfter(minuteMs);
    return detect();
  };
  return { ...fixture, detectAfter, queries };
}

describe('detectAnomalies() with many stages', () => {
  it.each([
    [200, 10],
    // At noon, and five and ten minutes later.
    [201, 3],
  ])(
    'detectAnomalies() looks at the errors of %i stages %i times from noon to ten past',
    async (stages, times) => {
      const ids = Array.from({ length: stages }, (_, index) => ({ apiId: `api${index}`, stage: 'prod' }));
      const { detectAfter, queries } = createFixture(inventoryOf(...ids));

      for (let minute = 0; minute < 10; minute += 1) await detectAfter(NOON_MS + minute * MINUTE_MS);

      const asked = queries.filter(({ name }) => name === 'ServerErrorCount');
      // Those that nothing identifies are looked at as well.
      expect(asked).toHaveLength(times * (stages + 1));
    },
  );

  it('detectAnomalies() misses no failing minute of 201 stages', async () => {
    const ids = Array.from({ length: 201 }, (_, index) => ({ apiId: `api${index}`, stage: 'prod' }));
    const { detectAfter, addMinute, addStageMinute, findings } = createFixture(inventoryOf(...ids));
    const failing = { apiId: 'api7', stage: 'prod' };
    for (let minute = -10; minute <= 4; minute += 1)
      await addMinute(failing, NOON_MS + minute * MINUTE_MS, 1);
    await addStageMinute(failing, NOON_MS, 'ServerErrorCount', [30]);

    for (let minute = 0; minute < 5; minute += 1) await detectAfter(NOON_MS + minute * MINUTE_MS);

    expect(findings().map(({ kind, scope, startedAt }) => [kind, scope.apiId, startedAt])).toEqual([
      ['error-budget', 'api7', new Date(NOON_MS).toISOString()],
    ]);
  });
});

describe('detectAnomalies()', () => {
  it('detectAnomalies() finds a failing stage, with the cause that dominates', async () => {
    const { addMinute, addStageMinute, detectAfter, findings } = createFixture();
    for (let minute = -10; minute <= 0; minute += 1) await addMinute(ORDERS, NOON_MS + minute * MINUTE_MS, 1);
    await addStageMinute(ORDERS, NOON_MS, 'ServerErrorCount', [30]);
    await addStageMinute(ORDERS, NOON_MS, 'ErrorCount', [28], 'integration.function-error');
    await addStageMinute(ORDERS, NOON_MS, 'ErrorCount', [2], 'backend.5xx');
    await addStageMinute(ORDERS, NOON_MS, 'ErrorCount', [50], 'client.validation');

    await detectAfter(NOON_MS);

    expect(findings()).toHaveLength(1);
    expect(findings()[0]).toMatchObject({
      kind: 'error-budget',
      severity: 'critical',
      cause: 'integration.function-error',
      scope: { apiId: 'orders', stage: 'prod', apiName: 'orders-api' },
      title: 'orders-api/prod: Lambda function errors',
    });
  });

  it('detectAnomalies() keeps the cause that an outage began with, whatever dominates later', async () => {
    const { addMinute, addStageMinute, detectAfter, findings } = createFixture();
    const errors = [
      { count: 30, cause: 'integration.function-error' },
      { count: 50, cause: 'backend.5xx' },
      { count: 50, cause: 'backend.5xx' },
    ];
    for (const [minute, { count, cause }] of errors.entries()) {
      const minuteMs = NOON_MS + minute * MINUTE_MS;
      await addMinute(ORDERS, minuteMs, 1);
      await addStageMinute(ORDERS, minuteMs, 'ServerErrorCount', [count]);
      await addStageMinute(ORDERS, minuteMs, 'ErrorCount', [count], cause);
      await detectAfter(minuteMs);
    }

    expect(findings().map(({ cause }) => cause)).toEqual(new Array(3).fill('integration.function-error'));
  });

  it('detectAnomalies() ends an outage with its last error, not with the window that looks back at it', async () => {
    const { addMinute, addStageMinute, detectAfter, findings } = createFixture();
    for (let minute = 0; minute < 20; minute += 1) {
      const minuteMs = NOON_MS + minute * MINUTE_MS;
      await addMinute(ORDERS, minuteMs, 1);
      if (minute < 3) await addStageMinute(ORDERS, minuteMs, 'ServerErrorCount', [30]);
      await detectAfter(minuteMs);
    }

    const [last] = findings().slice(-1);
    expect(last).toMatchObject({
      status: 'cleared',
      lastBadAt: new Date(NOON_MS + 3 * MINUTE_MS).toISOString(),
    });
  });

  it('detectAnomalies() reads causes only of a stage that is suspicious', async () => {
    const { addMinute, addStageMinute, detectAfter, queries } = createFixture();
    await addMinute(ORDERS, NOON_MS, 1);
    await addMinute(USERS, NOON_MS, 1);
    await detectAfter(NOON_MS);
    const quiet = queries.filter(({ name }) => name === 'ErrorCount');
    await addStageMinute(ORDERS, NOON_MS + MINUTE_MS, 'ServerErrorCount', [40]);
    await addMinute(ORDERS, NOON_MS + MINUTE_MS, 1);

    await detectAfter(NOON_MS + MINUTE_MS);

    const asked = queries
      .filter(({ name }) => name === 'ErrorCount')
      .map(({ dimensions }) => dimensions['ApiId']);
    expect(quiet).toEqual([]);
    expect([...new Set(asked)]).toEqual(['orders']);
  });

  it('detectAnomalies() reads requests only of a stage with errors or slowness that may matter', async () => {
    const { addMinute, addStageMinute, detectAfter, queries } = createFixture();
    for (const stage of [ORDERS, USERS]) {
      await addMinute(stage, NOON_MS, 10);
      await addStageMinute(stage, NOON_MS, 'Latency', [120]);
    }
    await addStageMinute(USERS, NOON_MS, 'ServerErrorCount', [2]);
    await addStageMinute(ORDERS, NOON_MS, 'ServerErrorCount', [3]);

    await detectAfter(NOON_MS);

    const asked = queries.filter(({ name }) => name === 'RequestCount');
    expect(asked.map(({ dimensions }) => dimensions['ApiId'])).toEqual(['orders']);
  });

  it('detectAnomalies() ends an outage by requests that succeed, however long there were none', async () => {
    const { addMinute, addStageMinute, detectAfter, findings } = createFixture();
    await addMinute(ORDERS, NOON_MS, 1);
    await addStageMinute(ORDERS, NOON_MS, 'ServerErrorCount', [30]);
    // Seven hours without a request, for longer than errors are looked back at.
    for (let minute = 0; minute < 7 * 60; minute += 5) await detectAfter(NOON_MS + minute * MINUTE_MS);
    const before = findings().at(-1);
    for (let minute = 7 * 60; minute < 7 * 60 + 8; minute += 1) {
      await addMinute(ORDERS, NOON_MS + minute * MINUTE_MS, 1);
      await detectAfter(NOON_MS + minute * MINUTE_MS);
    }

    expect(before).toMatchObject({ kind: 'error-budget', status: 'open' });
    expect(findings().at(-1)).toMatchObject({ kind: 'error-budget', status: 'cleared' });
  });

  it('detectAnomalies() ends slowness by minutes that are fast, however few requests were slow', async () => {
    const { addMinute, addStageMinute, detectAfter, findings } = createFixture();
    for (let minute = -30; minute < 30; minute += 1) {
      const minuteMs = NOON_MS + minute * MINUTE_MS;
      await addMinute(ORDERS, minuteMs, 1);
      await addStageMinute(ORDERS, minuteMs, 'Latency', [minute >= 0 && minute < 5 ? 9_000 : 120]);
      await detectAfter(minuteMs);
    }

    expect(findings().at(-1)).toMatchObject({ kind: 'latency', status: 'cleared' });
  });

  it('detectAnomalies() finds nothing in client errors, however many', async () => {
    const { addMinute, addStageMinute, detectAfter, findings } = createFixture();
    for (let minute = 0; minute < 10; minute += 1) {
      const minuteMs = NOON_MS + minute * MINUTE_MS;
      await addMinute(ORDERS, minuteMs, 2);
      await addStageMinute(ORDERS, minuteMs, 'ClientErrorCount', [110]);
      await addStageMinute(ORDERS, minuteMs, 'ErrorCount', [110], 'client.unknown-route');
      await detectAfter(minuteMs);
    }

    expect(findings()).toEqual([]);
  });

  it('detectAnomalies() looks at latency every five minutes, and finds a slow stage near its timeout', async () => {
    const { addMinute, addStageMinute, detectAfter, findings } = createFixture();
    const statuses: string[] = [];
    for (let minute = -30; minute < 10; minute += 1) {
      const minuteMs = NOON_MS + minute * MINUTE_MS;
      const latencyMs = minute < 0 ? 120 : 25_000;
      await addMinute(ORDERS, minuteMs, 1);
      await addStageMinute(ORDERS, minuteMs, 'Latency', [latencyMs]);
      await addStageMinute(ORDERS, minuteMs, 'IntegrationLatency', [latencyMs]);
      statuses.push((await detectAfter(minuteMs)).latency.status);
    }

    const found = new Set(findings().map(({ kind }) => kind));
    expect(found).toEqual(new Set(['latency', 'timeout-budget']));
    expect(statuses.filter((status) => status === 'evaluated')).toHaveLength(8 + 1);
  });
});
