import { loggedStages } from '#cli/replay/logged-stages.ts';
import type { Percentiles, StageReport } from '#cli/replay/report.ts';
import { type MemoryMetrics, percentile } from '#shared/adapters/memory-metrics.ts';
import { type InventoryItem, type StageId, stageKey, stageName } from '#shared/domain/inventory/stage.ts';
import type { Dimensions } from '#shared/domain/metrics/metric-datum.ts';

/**
 * Failed requests by cause, the most frequent first, of the series that are asked for.
 *
 * @param name - The metric that counts them
 */
export function causesOf(
  metrics: MemoryMetrics,
  isWanted: (dimensions: Dimensions) => boolean,
  name: 'ErrorCount' | 'ExecutionCause' = 'ErrorCount',
): Record<string, number> {
  const totals = new Map<string, number>();
  for (const dimensions of metrics.listDimensions(name).filter(isWanted)) {
    const cause = dimensions['Cause'] ?? 'unknown';
    totals.set(cause, (totals.get(cause) ?? 0) + metrics.total(name, dimensions));
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
  bodies: ReadonlyMap<string, StageId>,
  id: StageId,
): StageReport {
  const { apiId, stage } = id;
  const dimensions = { ApiId: apiId, Stage: stage };
  const isOfStage = ({ ApiId, Stage }: Dimensions): boolean => ApiId === apiId && Stage === stage;
  const name = stageName(id, inventory);
  return {
    apiId,
    apiName: name.slice(0, name.length - stage.length - 1),
    stage,
    requests: metrics.total('RequestCount', dimensions),
    clientErrors: metrics.total('ClientErrorCount', dimensions),
    serverErrors: metrics.total('ServerErrorCount', dimensions),
    throttled: metrics.total('ThrottledCount', dimensions),
    byCause: causesOf(metrics, isOfStage),
    executionCauses: causesOf(metrics, isOfStage, 'ExecutionCause'),
    logsBodies: bodies.has(stageKey(id)),
    latencyMs: percentilesOf(metrics.observations('Latency', dimensions)),
    integrationLatencyMs: percentilesOf(metrics.observations('IntegrationLatency', dimensions)),
  };
}

/**
 * What each stage did over the whole log, read back from the metrics, the busiest stage first.
 *
 * @param bodies - Stages of whose execution logs lines with bodies were seen
 */
export function stageReports(
  metrics: MemoryMetrics,
  inventory: readonly InventoryItem[],
  bodies: ReadonlyMap<string, StageId>,
): StageReport[] {
  return loggedStages(metrics, bodies)
    .map((id) => stageReport(metrics, inventory, bodies, id))
    .sort((a, b) => b.requests - a.requests);
}
