import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { stageKey, UNKNOWN_STAGE } from '#shared/domain/inventory/stage.ts';
import { type RequestMetric, requestMetrics } from '#shared/domain/logging/request-metrics.ts';

/** A stage without a readable access log, and the service's metrics that count its requests alone. */
export type UnloggedStage = { readonly item: InventoryItem; readonly metrics: readonly RequestMetric[] };

const MINUTE_MS = 60_000;

/** How late the service's metrics may be, and how long an old minute may stand in for a missing one. */
const LATE_MINUTES = 5;

function isKnown(item: InventoryItem): boolean {
  return stageKey(item) !== stageKey(UNKNOWN_STAGE);
}

/** The stages whose requests the logs count. */
export function loggedStages(inventory: readonly InventoryItem[]): InventoryItem[] {
  return inventory.filter((item) => isKnown(item) && item.logGroup !== null);
}

function metricKey(metric: RequestMetric): string {
  return JSON.stringify([metric.name, ...Object.entries(metric.dimensions).flat()]);
}

/** The metrics of stages, each once: stages of two REST APIs with one name share theirs. */
export function distinctMetrics(stages: readonly InventoryItem[]): RequestMetric[] {
  return [...new Map(stages.flatMap(requestMetrics).map((metric) => [metricKey(metric), metric])).values()];
}

/**
 * The stages whose requests only API Gateway itself counts. A metric that two stages share is the first one's; one that a
 * logged stage has too is left out, since its requests are counted by the log.
 */
export function unloggedStages(inventory: readonly InventoryItem[]): UnloggedStage[] {
  const wanted = inventory.filter((item) => isKnown(item) && item.logGroup === null);
  if (wanted.length === 0) return [];
  const taken = new Set(distinctMetrics(loggedStages(inventory)).map(metricKey));
  const unlogged: UnloggedStage[] = [];
  for (const item of wanted) {
    const metrics = requestMetrics(item).filter((metric) => !taken.has(metricKey(metric)));
    for (const metric of metrics) taken.add(metricKey(metric));
    if (metrics.length > 0) unlogged.push({ item, metrics });
  }
  return unlogged;
}

/**
 * A count of the service with its newest minutes filled in: it publishes minutes late, so what is missing at the end stands
 * for the last known minute, for five minutes at most. What is missing before is no request.
 *
 * @param counts - By the start of the minute, epoch milliseconds
 * @param toMs - End of what is looked at
 */
export function withLateMinutes(
  counts: ReadonlyMap<number, number>,
  toMs: number,
): ReadonlyMap<number, number> {
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const minuteMs of counts.keys()) newestMs = Math.max(newestMs, minuteMs);
  const lateMs = LATE_MINUTES * MINUTE_MS;
  const filled = new Map(counts);
  const lastKnown = counts.get(newestMs) ?? 0;
  for (
    let minuteMs = toMs - MINUTE_MS;
    minuteMs >= toMs - lateMs && minuteMs > newestMs;
    minuteMs -= MINUTE_MS
  ) {
    if (minuteMs - newestMs <= lateMs) filled.set(minuteMs, lastKnown);
  }
  return filled;
}
