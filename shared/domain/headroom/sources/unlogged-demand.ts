import { LATE_SOURCE_MINUTES } from '#shared/domain/headroom/sources/disagreement.ts';
import { groupByMetrics } from '#shared/domain/headroom/sources/source-minutes.ts';
import { type InventoryItem, isKnownStage } from '#shared/domain/inventory/stage.ts';
import type { RequestMetric } from '#shared/domain/logging/request-metrics.ts';

/** A stage without a readable access log, and the service's metrics that count its requests. */
export type UnloggedStage = { readonly item: InventoryItem; readonly metrics: readonly RequestMetric[] };

const MINUTE_MS = 60_000;

/** The stages whose requests the logs count. */
export function loggedStages(inventory: readonly InventoryItem[]): InventoryItem[] {
  return inventory.filter((item) => isKnownStage(item) && item.logGroup !== null);
}

/** The metrics of stages, each once: stages of two REST APIs with one name share theirs. */
export function distinctMetrics(stages: readonly InventoryItem[]): RequestMetric[] {
  return groupByMetrics(stages).flatMap(({ metrics }) => metrics);
}

/**
 * The stages whose requests only API Gateway itself counts. A metric that stages share is the first one's; one that a logged
 * stage has too is left out, since its requests are counted by the log.
 */
export function unloggedStages(inventory: readonly InventoryItem[]): UnloggedStage[] {
  const known = inventory.filter(isKnownStage);
  if (known.every(({ logGroup }) => logGroup !== null)) return [];
  return groupByMetrics(known).flatMap(({ stages, metrics }) => {
    const [item] = stages;
    const isUnlogged = stages.every(({ logGroup }) => logGroup === null);
    return item !== undefined && isUnlogged ? [{ item, metrics }] : [];
  });
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
  const lateMs = LATE_SOURCE_MINUTES * MINUTE_MS;
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
