import type { ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { distinctMetrics } from '#shared/domain/headroom/sources/unlogged-demand.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Looked at together, since reading is paid by metric and not by minute. */
const BATCH_MS = 5 * MINUTE_MS;

function startOfBatch(ms: number): number {
  return Math.floor(ms / BATCH_MS) * BATCH_MS;
}

type Dependencies = {
  readonly readMetrics: ReadMetrics;
  readonly readServiceCounts: ReadServiceCounts;
};

/**
 * The minutes in which nobody asked for anything: no request in the logs, and none counted by API Gateway for any stage. Minutes
 * are looked at by five, once the last of the five is final; the service is asked only where a log is silent.
 *
 * @param final - Minutes that no run judges again; ranges of successive runs follow each other
 * @returns Starts of minutes, ascending, epoch milliseconds; none without any known stage
 */
export async function readIdleMinutes(
  { readMetrics, readServiceCounts }: Dependencies,
  stages: readonly InventoryItem[],
  final: TimeRange,
): Promise<number[]> {
  const range = { fromMs: startOfBatch(final.fromMs), toMs: startOfBatch(final.toMs) };
  if (stages.length === 0 || range.fromMs >= range.toMs) return [];
  const [logged] = await readMetrics(
    [{ name: 'RequestCount', dimensions: {}, statistic: 'Sum', periodSeconds: 60 }],
    range,
  );
  const silent: number[] = [];
  for (let minuteMs = range.fromMs; minuteMs < range.toMs; minuteMs += MINUTE_MS) {
    if ((logged?.get(minuteMs) ?? 0) === 0) silent.push(minuteMs);
  }
  if (silent.length === 0) return [];
  const counts = await readServiceCounts(distinctMetrics(stages), range);
  return silent.filter((minuteMs) => counts.every((series) => (series.get(minuteMs) ?? 0) === 0));
}
