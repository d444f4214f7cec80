import fc from 'fast-check';
import { it } from 'vitest';
import { isGatewayThrottle } from '#shared/domain/causes/causes.ts';
import type { ApiRequest } from '#shared/domain/logs/access/request.ts';
import { addRequest, createAggregate } from '#shared/domain/metrics/aggregate-requests.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { planMetricData } from '#shared/domain/metrics/plan-metric-data.ts';
import { apiRequest } from '#test/fakes/arbitraries.ts';

type Totals = Map<string, { count: number; sum: number; min: number; max: number }>;

function plan(requests: readonly ApiRequest[]): MetricDatum[] {
  const aggregate = createAggregate();
  for (const request of requests) {
    addRequest(aggregate, { apiId: request.apiId ?? '', stage: request.stage ?? '' }, request);
  }
  return planMetricData(aggregate).flat();
}

function observe(totals: Totals, series: string, value: number, times: number): void {
  const known = totals.get(series) ?? { count: 0, sum: 0, min: value, max: value };
  totals.set(series, {
    count: known.count + times,
    sum: known.sum + value * times,
    min: Math.min(known.min, value),
    max: Math.max(known.max, value),
  });
}

/** What CloudWatch knows of each series after all these calls. Sums of latencies are whole milliseconds. */
function totalsOf(data: readonly MetricDatum[]): string {
  const totals: Totals = new Map();
  for (const { name, dimensions, timestampMs, values, counts } of data) {
    const series = [name, timestampMs, ...Object.values(dimensions)].join(' ');
    for (const [index, value] of values.entries()) observe(totals, series, value, counts[index] ?? 0);
  }
  return print(totals);
}

function print(totals: Totals): string {
  const rows = [...totals].map(([series, { count, sum, min, max }]) =>
    // How many data a count was sent in, and so its extremes, depend on the parts; its sum does not.
    series.includes('Latency') ? [series, count, Math.round(sum), min, max] : [series, sum],
  );
  return JSON.stringify(rows.sort());
}

/** The series that one request counts in, or is observed in. */
function observationsOf(request: ApiRequest): [series: string, value: number][] {
  const { apiId, stage, timeMs, status, cause, responseLatencyMs, integrationLatencyMs } = request;
  const second = timeMs - (timeMs % 1_000);
  const ofStage = `${timeMs - (timeMs % 60_000)} ${apiId} ${stage}`;
  const scopes = ['', ` ${apiId} ${stage}`];
  return [
    ...scopes.map((of): [string, number] => [`RequestCount ${second}${of}`, 1]),
    ...scopes.map((of): [string, number] => [
      `ThrottledCount ${second}${of}`,
      isGatewayThrottle(cause) ? 1 : 0,
    ]),
    [`ClientErrorCount ${ofStage}`, status >= 400 && status < 500 ? 1 : 0],
    [`ServerErrorCount ${ofStage}`, status >= 500 ? 1 : 0],
    [`ErrorCount ${ofStage} ${cause}`, cause === null ? 0 : 1],
    [`Latency ${ofStage}`, responseLatencyMs ?? Number.NaN],
    [`IntegrationLatency ${ofStage}`, integrationLatencyMs ?? Number.NaN],
  ];
}

/** The same, one request at a time. */
function expectedTotals(requests: readonly ApiRequest[]): string {
  const totals: Totals = new Map();
  for (const [series, value] of requests.flatMap(observationsOf)) {
    const isObserved = series.includes('Latency') ? !Number.isNaN(value) : value > 0;
    if (isObserved) observe(totals, series, value, 1);
  }
  return print(totals);
}

it('planMetricData() of any parts in any order adds up to what was requested', () => {
  const requestWithPart = fc.record({
    request: apiRequest,
    part: fc.integer({ min: 0, max: 4 }),
    rank: fc.nat(),
  });
  const property = fc.property(fc.array(requestWithPart, { maxLength: 200 }), (given) => {
    const shuffled = given.toSorted((a, b) => a.rank - b.rank);

    const data = [0, 1, 2, 3, 4].flatMap((of) =>
      plan(shuffled.filter(({ part }) => part === of).map(({ request }) => request)),
    );

    return totalsOf(data) === expectedTotals(given.map(({ request }) => request));
  });

  fc.assert(property, { numRuns: 200 });
});

it('planMetricData() is the same for any order of the requests', () => {
  const ranked = fc.record({ request: apiRequest, rank: fc.nat() });
  const property = fc.property(fc.array(ranked, { maxLength: 200 }), (given) => {
    const shuffled = given.toSorted((a, b) => a.rank - b.rank);

    const [before, after] = [given, shuffled].map((list) => plan(list.map(({ request }) => request)));

    return JSON.stringify(before) === JSON.stringify(after);
  });

  fc.assert(property, { numRuns: 200 });
});
