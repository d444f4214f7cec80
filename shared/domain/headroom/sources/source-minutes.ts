import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { type RequestMetric, requestMetrics } from '#shared/domain/logging/request-metrics.ts';

/** Stages that API Gateway counts in the same metrics: one stage, or those of REST APIs that share one name. */
export type MetricGroup = {
  readonly stages: readonly InventoryItem[];
  readonly metrics: readonly RequestMetric[];
};

/** What two sources say of a group, minute by minute; all arrays begin at the same minute. */
export type GroupMinutes = Pick<MetricGroup, 'stages'> & {
  /** Requests by API Gateway's count; `null` where it published none (yet): it publishes no zeros. */
  readonly counted: readonly (number | null)[];
  /** Connections that were opened: the part of a WebSocket count that has a log line for certain. */
  readonly connects: readonly number[];
  /** Requests by the access log, for each of the stages. */
  readonly logged: readonly (readonly number[])[];
  /** Whether the log of each stage had any request in the hours before. */
  readonly heardBefore: readonly boolean[];
};

/** What two sources say of the account, minute by minute. */
export type SourceMinutes = {
  /** Start of the first minute, epoch milliseconds. */
  readonly startMs: number;
  readonly groups: readonly GroupMinutes[];
  /** Requests by all access logs, also those of stages that the inventory does not know. */
  readonly logged: readonly number[];
  /** Those of them whose stage nothing tells. */
  readonly unidentified: readonly number[];
  /**
   * `Count` without dimensions, which AWS does not document: REST and HTTP, perhaps WebSocket. A cross-check, never
   * added to anything.
   */
  readonly undimensioned: readonly (number | null)[];
};

/** Puts stages together that share their metrics, in the order of the first stage of each. */
export function groupByMetrics(inventory: readonly InventoryItem[]): MetricGroup[] {
  const groups = new Map<string, { stages: InventoryItem[]; metrics: readonly RequestMetric[] }>();
  for (const item of inventory) {
    const metrics = requestMetrics(item);
    const key = JSON.stringify(metrics);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { stages: [item], metrics });
    else group.stages.push(item);
  }
  return [...groups.values()];
}

/** All requests that the logs of a group tell, per minute. */
export function loggedOf({ logged }: Pick<GroupMinutes, 'logged'>): number[] {
  const [first = []] = logged;
  return first.map((_, minute) => logged.reduce((sum, ofStage) => sum + (ofStage[minute] ?? 0), 0));
}
