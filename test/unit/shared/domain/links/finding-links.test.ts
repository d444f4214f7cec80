import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { findingLinks } from '#shared/domain/links/finding-links.ts';
import { readConsoleAddress } from '#test/fakes/console-address.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

const GRAPH = '#metricsV2?graph=';
const QUERY = '#logsV2:logs-insights$3FqueryDetail$3D';
const TRACES = '#xray:traces/query?';
const TIMES = { startedAtMs: Date.UTC(2026, 2, 2, 14), observedAtMs: Date.UTC(2026, 2, 2, 14, 5) };

const LOGGED: readonly InventoryItem[] = INVENTORY.map((item) => ({
  ...item,
  logGroup: `/aws/api-gateway/${item.apiName}`,
  tracing: true,
}));

function links(kind: JudgedKind, differences: Partial<Occurrence> = {}, inventory = LOGGED) {
  return findingLinks(createOccurrence(kind, { ...TIMES, ...differences }), inventory, 'A title');
}

function read(label: string, words: string, given: ReturnType<typeof links>): unknown {
  const link = given.find((one) => one.label === label);
  return link === undefined ? null : readConsoleAddress(link.url, words);
}

function queryOf(given: ReturnType<typeof links>) {
  return read('These requests', QUERY, given) as {
    editorString: string;
    source: string[];
    start: string;
    end: string;
  } | null;
}

function filterOf(given: ReturnType<typeof links>): string | undefined {
  return queryOf(given)
    ?.editorString.split('\n| ')
    .find((command) => command.startsWith('filter '));
}

describe('findingLinks() to a graph', () => {
  it('findingLinks() draws the metrics of the finding, from an hour before it began', () => {
    expect(read('Dashboard', GRAPH, links('error-budget', { cause: 'integration.timeout' }))).toEqual({
      metrics: [
        ['Gatewatch', 'ServerErrorCount', 'ApiId', 'a1', 'Stage', 'prod', { stat: 'Sum' }],
        [
          'Gatewatch',
          'ErrorCount',
          'ApiId',
          'a1',
          'Stage',
          'prod',
          'Cause',
          'integration.timeout',
          { stat: 'Sum' },
        ],
        ['Gatewatch', 'RequestCount', 'ApiId', 'a1', 'Stage', 'prod', { stat: 'Sum' }],
      ],
      view: 'timeSeries',
      stacked: false,
      region: 'eu-west-1',
      period: 60,
      title: 'A title',
      start: '2026-03-02T13:00:00.000Z',
      end: '2026-03-02T14:10:00.000Z',
    });
  });

  it.each<[JudgedKind, Partial<Occurrence>, string[]]>([
    ['headroom.low', { scope: ACCOUNT }, ['AccountDemandRps', 'AccountRpsPeak', 'AccountQuotaRps']],
    ['headroom.exhausted', { scope: ACCOUNT }, ['AccountDemandRps', 'AccountRpsPeak', 'AccountQuotaRps']],
    ['headroom.forecast', { scope: ACCOUNT }, ['AccountDemandRps', 'AccountQuotaRps']],
    ['burst.exhausted', { scope: ACCOUNT }, ['AccountRpsPeak', 'AccountQuotaRps', 'BurstTokensLeft']],
    ['quota.changed', { scope: ACCOUNT }, ['AccountQuotaRps', 'AccountDemandRps']],
    ['throttling.account', { scope: ACCOUNT }, ['ThrottledCount', 'AccountDemandRps']],
    ['throttling.stage', {}, ['ThrottledCount', 'RequestCount']],
    ['throttling.client', {}, ['ThrottledCount', 'RequestCount']],
    ['noisy-neighbour', {}, ['RequestCount', 'RequestCount']],
    ['error-budget', {}, ['ServerErrorCount', 'RequestCount']],
    ['latency', {}, ['Latency', 'IntegrationLatency']],
    ['timeout-budget', {}, ['IntegrationLatency']],
    ['blind.logs', {}, ['RequestCount', 'Count']],
    ['blind.logs', { scope: { ...ACCOUNT, function: 'ingest-access-logs' } }, ['IngestLag']],
    ['blind.metrics', { scope: ACCOUNT }, ['RequestCount', 'Count']],
    ['blind.metrics', { scope: { ...ACCOUNT, function: 'check-headroom' } }, ['CompletedEvaluations']],
  ])('findingLinks() draws what %s is judged by', (kind, differences, names) => {
    const { metrics } = read('Dashboard', GRAPH, links(kind, differences)) as { metrics: string[][] };

    expect(metrics.map(([, name]) => name)).toEqual(names);
  });

  it('findingLinks() draws nothing for a setting', () => {
    expect(links('logging.bodies')).toEqual([]);
  });
});

describe('findingLinks() to requests', () => {
  it('findingLinks() asks for exactly these requests, from five minutes before', () => {
    expect(queryOf(links('error-budget'))).toEqual({
      end: '2026-03-02T14:05:00.000Z',
      start: '2026-03-02T13:55:00.000Z',
      timeType: 'ABSOLUTE',
      tz: 'UTC',
      editorString: [
        'fields @timestamp, httpMethod, resourcePath, status, errorType, integrationStatus, integrationError, responseLatency, integrationLatency, requestId',
        'filter apiId = "a1" and stage = "prod" and status >= 500',
        'sort @timestamp desc',
        'limit 200',
      ].join('\n| '),
      source: ['/aws/api-gateway/orders-api'],
      lang: 'CWLI',
    });
  });

  it.each<[JudgedKind, Partial<Occurrence>, string]>([
    ['throttling.stage', {}, 'status = 429'],
    ['throttling.client', {}, 'status = 429'],
    ['latency', { latest: { usualMs: 120.4 } }, 'responseLatency > 120'],
    ['timeout-budget', { latest: { timeoutMs: 29_000 } }, 'integrationLatency >= 23200'],
  ])('findingLinks() asks for the requests of %s', (kind, differences, condition) => {
    expect(filterOf(links(kind, differences))).toBe(
      `filter apiId = "a1" and stage = "prod" and ${condition}`,
    );
  });

  it('findingLinks() asks for all requests of who takes too much', () => {
    expect(filterOf(links('noisy-neighbour'))).toBe('filter apiId = "a1" and stage = "prod"');
  });

  it('findingLinks() asks the logs of all whom the account throttle refused, most first', () => {
    const sums = { 'refused:a1/prod': 5, 'refused:b2/v1': 9, 'refused:zz/gone': 99 };

    const given = links('throttling.account', { scope: ACCOUNT, sums });

    expect(queryOf(given)?.source).toEqual(['/aws/api-gateway/users-api', '/aws/api-gateway/orders-api']);
    expect(filterOf(given)).toBe('filter status = 429');
  });

  it('findingLinks() calls things as the stage’s own log does', () => {
    const format = '{"http":{"code":"$context.status"}}';

    const given = links(
      'error-budget',
      {},
      LOGGED.map((item) => ({ ...item, format })),
    );

    expect(filterOf(given)).toBe('filter http.code >= 500');
  });

  it.each<[string, JudgedKind, Partial<InventoryItem>]>([
    ['a stage without a log', 'error-budget', { logGroup: null }],
    ['a log that is no JSON', 'error-budget', { format: '$context.status' }],
    ['a log without what is asked for', 'latency', { format: '{"status":"$context.status"}' }],
    ['what is no matter of requests', 'blind.logs', {}],
  ])('findingLinks() asks for nothing of %s', (_, kind, differences) => {
    const inventory = LOGGED.map((item) => ({ ...item, ...differences }));

    expect(queryOf(links(kind, {}, inventory))).toBeNull();
  });

  it('findingLinks() lets no stage change the query', () => {
    const stage = 'x" or 1 = 1 | filter "';
    const scope = { ...ACCOUNT, apiId: 'a1', stage };

    const given = links(
      'error-budget',
      { scope },
      LOGGED.map((item) => ({ ...item, stage })),
    );

    expect(filterOf(given)).toBe('filter apiId = "a1" and status >= 500');
  });
});

describe('findingLinks() to traces', () => {
  it('findingLinks() shows the failed traces of a stage that is traced', () => {
    expect(read('X-Ray', TRACES, links('error-budget'))).toEqual({
      query: { expression: 'service("orders-api/prod") { fault }' },
      context: { timeRange: { delta: 10_800_000 } },
    });
    expect(read('X-Ray', TRACES, links('throttling.stage'))).toMatchObject({
      query: { expression: 'service("orders-api/prod") { throttle }' },
    });
    expect(read('X-Ray', TRACES, links('latency'))).toMatchObject({
      query: { expression: 'service("orders-api/prod")' },
    });
  });

  it.each<[string, JudgedKind, Partial<InventoryItem>]>([
    ['is not traced', 'error-budget', { tracing: false }],
    ['is named so that it would end the name', 'error-budget', { apiName: 'x") { ok }' }],
    ['is only silent', 'blind.logs', {}],
  ])('findingLinks() shows no traces of a stage that %s', (_, kind, differences) => {
    const inventory = LOGGED.map((item) => ({ ...item, ...differences }));

    expect(read('X-Ray', TRACES, links(kind, {}, inventory))).toBeNull();
  });
});

it('findingLinks() stays far below what Slack takes, whatever the names are', () => {
  const long = '/'.repeat(512);
  const inventory = LOGGED.map((item) => ({ ...item, logGroup: long, apiName: 'ü'.repeat(1_024) }));

  const given = findingLinks(createOccurrence('error-budget', TIMES), inventory, '日'.repeat(10_000));

  expect(given.every(({ url }) => url.length < 1_300)).toBe(true);
});
