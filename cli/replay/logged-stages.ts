import type { IngestSummary } from '#cli/replay/ingest-summary.ts';
import type { MemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { withSeenBodies } from '#shared/domain/detection/judge-body-logging.ts';
import { type InventoryItem, type StageId, stageKey, unlistedStage } from '#shared/domain/inventory/stage.ts';

/** The stages that any line tells of, each once. */
export function loggedStages(metrics: MemoryMetrics, bodies: ReadonlyMap<string, StageId>): StageId[] {
  const stages = new Map<string, StageId>();
  for (const { ApiId: apiId, Stage: stage } of [
    ...metrics.listDimensions('RequestCount'),
    ...metrics.listDimensions('ExecutionCause'),
  ]) {
    if (apiId !== undefined && stage !== undefined) stages.set(stageKey({ apiId, stage }), { apiId, stage });
  }
  return [...new Map([...stages, ...bodies]).values()];
}

/** The stages of the log that the inventory does not know are added to it, and what was seen of their logging. */
export function completeInventory(
  known: readonly InventoryItem[],
  metrics: MemoryMetrics,
  bodies: IngestSummary['bodies'],
): InventoryItem[] {
  const keys = new Set(known.map(stageKey));
  const seen = loggedStages(metrics, bodies).filter(
    (id) => id.apiId !== 'unknown' && !keys.has(stageKey(id)),
  );
  return [...known, ...seen.map(unlistedStage)].map((item) =>
    bodies.has(stageKey(item)) ? withSeenBodies(item) : item,
  );
}

/** The minutes in which execution logs tell failures, for logs without any request. */
export function failureMinutes(metrics: MemoryMetrics): number[] {
  const minutes = metrics
    .listDimensions('ExecutionCause')
    .flatMap((dimensions) => metrics.minutes('ExecutionCause', dimensions));
  return [...new Set(minutes)].sort((a, b) => a - b);
}
