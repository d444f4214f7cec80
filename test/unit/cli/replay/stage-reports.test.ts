import { beforeEach, describe, expect, it } from 'vitest';
import { causesOf, stageReports } from '#cli/replay/stage-reports.ts';
import { createMemoryMetrics, type MemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { type StageId, unlistedStage } from '#shared/domain/inventory/stage.ts';
import type { Dimensions, MetricDatum, MetricName } from '#shared/domain/metrics/metric-datum.ts';

const MINUTE_MS = Date.parse('2026-03-02T14:00:00Z');
const SHOP = { ApiId: 'shop1', Stage: 'prod' };
const USERS = { ApiId: 'users2', Stage: '$default' };
const NO_BODIES = new Map<string, StageId>();
const INVENTORY = [{ ...unlistedStage({ apiId: 'shop1', stage: 'prod' }), apiName: 'shop/v2' }];

function datum(
  name: MetricName,
  dimensions: Dimensions,
  values: readonly number[],
  counts: readonly number[] = values.map(() => 1),
): MetricDatum {
  const unit = name.endsWith('Latency') ? 'Milliseconds' : 'Count';
  return { name, dimensions, timestampMs: MINUTE_MS, resolutionSeconds: 60, unit, values, counts };
}

describe('stageReports()', () => {
  let metrics: MemoryMetrics;

  beforeEach(() => {
    metrics = createMemoryMetrics();
  });

  it('stageReports() gives the counts, causes and percentiles of each stage, the busiest first', async () => {
    await metrics.publishMetricData([
      datum('RequestCount', {}, [111]),
      datum('RequestCount', SHOP, [1], [11]),
      datum('RequestCount', USERS, [1], [100]),
      datum('ClientErrorCount', SHOP, [4]),
      datum('ServerErrorCount', SHOP, [3]),
      datum('ThrottledCount', SHOP, [2]),
      datum('ErrorCount', { ...SHOP, Cause: 'backend.5xx' }, [3]),
      datum('ErrorCount', { ...SHOP, Cause: 'throttle.unknown-level' }, [4]),
      datum('ErrorCount', { ...USERS, Cause: 'unknown' }, [7]),
      datum('Latency', SHOP, [10.4, 20, 30], [5, 4, 1]),
      datum('IntegrationLatency', SHOP, [8], [10]),
    ]);

    expect(stageReports(metrics, INVENTORY, NO_BODIES)).toEqual([
      {
        apiId: 'users2',
        apiName: 'users2',
        stage: '$default',
        requests: 100,
        clientErrors: 0,
        serverErrors: 0,
        throttled: 0,
        byCause: { unknown: 7 },
        executionCauses: {},
        logsBodies: false,
        latencyMs: null,
        integrationLatencyMs: null,
      },
      {
        apiId: 'shop1',
        apiName: 'shop/v2',
        stage: 'prod',
        requests: 11,
        clientErrors: 4,
        serverErrors: 3,
        throttled: 2,
        byCause: { 'throttle.unknown-level': 4, 'backend.5xx': 3 },
        executionCauses: {},
        logsBodies: false,
        latencyMs: { p50: 10, p90: 20, p99: 30 },
        integrationLatencyMs: { p50: 8, p90: 8, p99: 8 },
      },
    ]);
  });

  it('stageReports() adds up the minutes of a stage', async () => {
    const later = { ...datum('RequestCount', SHOP, [5]), timestampMs: MINUTE_MS + 3_600_000 };
    await metrics.publishMetricData([datum('RequestCount', SHOP, [2]), later]);

    expect(stageReports(metrics, [], NO_BODIES)).toMatchObject([
      { apiId: 'shop1', apiName: 'shop1', requests: 7 },
    ]);
  });

  it('stageReports() gives nothing where nothing was counted', () => {
    expect(stageReports(metrics, INVENTORY, NO_BODIES)).toEqual([]);
  });

  it('stageReports() tells what execution logs say beside what access logs say, also of stages that only they know', async () => {
    const bodies = new Map([['only3/dev', { apiId: 'only3', stage: 'dev' }]]);
    await metrics.publishMetricData([
      datum('RequestCount', SHOP, [5]),
      datum('ErrorCount', { ...SHOP, Cause: 'throttle.unknown-level' }, [4]),
      datum('ExecutionCause', { ...SHOP, Cause: 'throttle.method' }, [3]),
      datum('ExecutionCause', { ...USERS, Cause: 'integration.timeout' }, [1]),
    ]);

    expect(stageReports(metrics, [], bodies)).toMatchObject([
      {
        apiId: 'shop1',
        requests: 5,
        byCause: { 'throttle.unknown-level': 4 },
        executionCauses: { 'throttle.method': 3 },
        logsBodies: false,
      },
      { apiId: 'users2', requests: 0, byCause: {}, executionCauses: { 'integration.timeout': 1 } },
      { apiId: 'only3', requests: 0, executionCauses: {}, logsBodies: true },
    ]);
  });

  it('causesOf() adds up the series that are asked for, the most frequent cause first', async () => {
    await metrics.publishMetricData([
      datum('ErrorCount', { ...SHOP, Cause: 'backend.4xx' }, [1]),
      datum('ErrorCount', { ...SHOP, Cause: 'waf.blocked' }, [2]),
      datum('ErrorCount', { ...USERS, Cause: 'backend.4xx' }, [4]),
      datum('RequestCount', { ...USERS, Cause: 'auth.denied' }, [9]),
    ]);

    expect(Object.entries(causesOf(metrics, () => true))).toEqual([
      ['backend.4xx', 5],
      ['waf.blocked', 2],
    ]);
    expect(Object.entries(causesOf(metrics, ({ ApiId }) => ApiId === 'shop1'))).toEqual([
      ['waf.blocked', 2],
      ['backend.4xx', 1],
    ]);
  });
});
