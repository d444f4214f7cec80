import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '#shared/domain/logs/access/request.ts';
import { addRequest, createAggregate } from '#shared/domain/metrics/aggregate-requests.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import {
  chunkMetricData,
  MAX_DATA_PER_CALL,
  planMetricData,
} from '#shared/domain/metrics/plan-metric-data.ts';
import { createApiRequest } from '#test/fakes/api-request.ts';

const MINUTE_MS = Date.UTC(2026, 2, 2, 14);
const PROD = { ApiId: 'a1b2c3', Stage: 'prod' };

function plan(requests: readonly Partial<ApiRequest>[]): MetricDatum[][] {
  const aggregate = createAggregate();
  for (const differences of requests) {
    const request = createApiRequest(differences);
    addRequest(aggregate, { apiId: request.apiId ?? 'unknown', stage: request.stage ?? 'unknown' }, request);
  }
  return planMetricData(aggregate);
}

/** Requests of several stages, seconds, statuses and latencies. */
const MANY = Array.from(
  { length: 3_000 },
  (_, index): Partial<ApiRequest> => ({
    apiId: `api${index % 7}`,
    timeMs: MINUTE_MS + index * 331,
    status: [200, 200, 404, 429, 502][index % 5] ?? 200,
    cause:
      ([null, null, 'backend.4xx', 'throttle.unknown-level', 'integration.function-error'] as const)[
        index % 5
      ] ?? null,
    responseLatencyMs: (index * 37) % 29_000,
    integrationLatencyMs: index % 3 === 0 ? null : (index * 31) % 29_000,
  }),
);

describe('planMetricData()', () => {
  it('planMetricData() plans nothing for nothing', () => {
    expect(plan([])).toEqual([]);
  });

  it('planMetricData() gives a successful request its count and latencies, and no zeros', () => {
    const second = {
      timestampMs: MINUTE_MS + 5_000,
      unit: 'Count',
      resolutionSeconds: 1,
      values: [1],
      counts: [1],
    };
    const minute = { timestampMs: MINUTE_MS, unit: 'Milliseconds', resolutionSeconds: 60, counts: [1] };

    expect(plan([{ timeMs: MINUTE_MS + 5_678, responseLatencyMs: 20, integrationLatencyMs: 15 }])).toEqual([
      [
        { name: 'RequestCount', dimensions: {}, ...second },
        { name: 'RequestCount', dimensions: PROD, ...second },
        { name: 'Latency', dimensions: PROD, ...minute, values: [20] },
        { name: 'IntegrationLatency', dimensions: PROD, ...minute, values: [15] },
      ],
    ]);
  });

  it('planMetricData() gives a refused request its throttle, error and cause', () => {
    const [call = []] = plan([{ status: 429, cause: 'throttle.unknown-level' }]);

    const told = call.map(({ name, dimensions, resolutionSeconds }) => ({
      name,
      dimensions,
      resolutionSeconds,
    }));
    expect(told).toEqual([
      { name: 'RequestCount', dimensions: {}, resolutionSeconds: 1 },
      { name: 'ThrottledCount', dimensions: {}, resolutionSeconds: 1 },
      { name: 'RequestCount', dimensions: PROD, resolutionSeconds: 1 },
      { name: 'ThrottledCount', dimensions: PROD, resolutionSeconds: 1 },
      { name: 'ClientErrorCount', dimensions: PROD, resolutionSeconds: 60 },
      { name: 'ErrorCount', dimensions: { ...PROD, Cause: 'throttle.unknown-level' }, resolutionSeconds: 60 },
    ]);
  });

  it('planMetricData() counts server errors apart from client errors', () => {
    const data = plan([{ status: 500 }, { status: 502 }, { status: 404 }]).flat();

    const sums = Object.fromEntries(data.map(({ name, values }) => [name, values]));
    expect(sums).toMatchObject({ ServerErrorCount: [2], ClientErrorCount: [1] });
  });

  it('planMetricData() plans the same calls for any order of the requests', () => {
    const shuffled = MANY.map((request, index) => ({ request, rank: (index * 7_919) % 3_001 }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ request }) => request);

    expect(shuffled).not.toEqual(MANY);
    expect(JSON.stringify(plan(shuffled))).toBe(JSON.stringify(plan(MANY)));
    expect(JSON.stringify(plan([...MANY].reverse()))).toBe(JSON.stringify(plan(MANY)));
  });

  it('planMetricData() keeps what CloudWatch takes in a call and a datum', () => {
    const calls = plan(MANY);

    expect(calls.length).toBeGreaterThan(2);
    for (const call of calls) {
      expect(call.length).toBeLessThanOrEqual(MAX_DATA_PER_CALL);
      expect(JSON.stringify(call).length).toBeLessThan(1_000_000);
    }
    for (const { values, counts, timestampMs, resolutionSeconds } of calls.flat()) {
      expect(values.length).toBeGreaterThan(0);
      expect(values.length).toBeLessThanOrEqual(150);
      expect(counts.length).toBe(values.length);
      expect(new Set(values).size).toBe(values.length);
      expect(counts.every((count) => Number.isInteger(count) && count > 0)).toBe(true);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(timestampMs % (resolutionSeconds * 1_000)).toBe(0);
    }
  });

  it('planMetricData() has no count of 0', () => {
    const counts = plan(MANY)
      .flat()
      .filter(({ unit }) => unit === 'Count');

    expect(counts.every(({ values: [value = 0] }) => value > 0)).toBe(true);
  });

  it('planMetricData() spreads many different latencies over several data of one series', () => {
    const requests = Array.from({ length: 2_000 }, (_, index) => ({ responseLatencyMs: index * 15 }));

    const latencies = plan(requests)
      .flat()
      .filter(({ name }) => name === 'Latency');

    expect(latencies.length).toBeGreaterThan(1);
    expect(latencies.slice(0, -1).every(({ values }) => values.length === 150)).toBe(true);
    expect(new Set(latencies.map(({ timestampMs }) => timestampMs)).size).toBe(1);
  });

  it('planMetricData() leaves the aggregate as it is', () => {
    const aggregate = createAggregate();
    for (const latencyMs of [5, 5, 900]) {
      addRequest(aggregate, { apiId: 'a', stage: 'b' }, createApiRequest({ responseLatencyMs: latencyMs }));
    }

    expect(planMetricData(aggregate)).toEqual(planMetricData(aggregate));
  });
});

describe('chunkMetricData()', () => {
  const datum: MetricDatum = {
    name: 'RequestCount',
    dimensions: {},
    timestampMs: MINUTE_MS,
    unit: 'Count',
    resolutionSeconds: 1,
    values: [1],
    counts: [1],
  };

  it.each([
    [0, []],
    [1, [1]],
    [1_000, [1_000]],
    [1_001, [1_000, 1]],
    [2_500, [1_000, 1_000, 500]],
  ])('chunkMetricData() cuts %i small data into calls of %j', (count, sizes) => {
    expect(chunkMetricData(Array(count).fill(datum)).map((call) => call.length)).toEqual(sizes);
  });

  it('chunkMetricData() cuts by size, keeps the order and loses nothing', () => {
    const large = Array.from({ length: 700 }, (_, index) => ({
      ...datum,
      timestampMs: MINUTE_MS + index * 1_000,
      values: Array.from({ length: 150 }, (_, value) => 123_456.123_456_7 + value),
      counts: Array(150).fill(1),
    }));

    const calls = chunkMetricData(large);

    expect(calls.length).toBeGreaterThan(1);
    expect(calls.flat()).toEqual(large);
    // About half of the megabyte that a call may have.
    const sizes = calls.slice(0, -1).map((call) => JSON.stringify(call).length);
    expect(Math.min(...sizes)).toBeGreaterThan(250_000);
    expect(Math.max(...sizes)).toBeLessThan(600_000);
  });
});
