import type { Percentiles, StageReport } from '#cli/replay/report.ts';
import { type MemoryMetrics, percentile } from '#shared/adapters/memory-metrics.ts';
import { type InventoryItem, stageName } from '#shared/domain/inventory/stage.ts';
import type { Dimensions } from '#shared/domain/metrics/metric-datum.ts';

/** Failed requests by cause, the most frequent first, of the series that are asked for. */
export function causesOf(
  metrics: MemoryMetrics,
  isWanted: (dimensions: Dimensions) => boolean,
): Record<string, number> {
  const totals = new Map<string, number>();
  for (const dimensions of metrics.listDimensions('ErrorCount').filter(isWanted)) {
    const cause = dimensions['Cause'] ?? 'unknown';
    totals.set(cause, (totals.get(cause) ?? 0) + metrics.total('ErrorCount', dimensions));
  }
  return Object.fromEntries([...totals].sort(([, a], [, b]) => b - a));
}

function percentilesOf({ values, counts }: { values: number[]; counts: number[] }): Percentiles | null {
  if (values.length === 0) return null;
  const at = (ratio: number): number => Math.round(percentile(values, counts, ratio) ?? 0);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

function stageReport(
  metrics: MemoryMetrics,
  inventory: readonly InventoryItem[],
  dimensions: Dimensions,
): StageReport {
  const { ApiId: apiId = '', Stage: stage = '' } = dimensions;
  const name = stageName({ apiId, stage }, inventory);
  return {
    apiId,
    apiName: name.slice(0, name.length - stage.length - 1),
    stage,
    requests: metrics.total('RequestCount', dimensions),
    clientErrors: metrics.total('ClientErrorCount', dimensions),
    serverErrors: metrics.total('ServerErrorCount', dimensions),
    throttled: metrics.total('ThrottledCount', dimensions),
    byCause: causesOf(metrics, ({ ApiId, Stage }) => ApiId === apiId && Stage === stage),
    latencyMs: percentilesOf(metrics.observations('Latency', dimensions)),
    integrationLatencyMs: percentilesOf(metrics.observations('IntegrationLatency', dimensions)),
  };
}

/** What each stage did over the whole log, read back from the metrics, the busiest stage first. */
export function stageReports(metrics: MemoryMetrics, inventory: readonly InventoryItem[]): StageReport[] {
  return metrics
    .listDimensions('RequestCount')
    .filter((dimensions) => dimensions['ApiId'] !== undefined)
    .map((dimensions) => stageReport(metrics, inventory, dimensions))
    .sort((a, b) => b.requests - a.requests);
}
