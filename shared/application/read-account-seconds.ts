import type { MetricSeries, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import {
  readBusyLoggedMinutes,
  type UnloggedDemand,
  unloggedPerMinute,
} from '#shared/application/read-unlogged-demand.ts';
import { type AccountSeconds, SECONDS_PER_MINUTE } from '#shared/domain/headroom/demand/minute-headroom.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** A series per second of a range; a second without data counted nothing. */
export function countsPerSecond(series: MetricSeries | undefined, { fromMs, toMs }: TimeRange): number[] {
  const values: number[] = [];
  for (let second = fromMs; second < toMs; second += 1_000) values.push(series?.get(second) ?? 0);
  return values;
}

/** Reads what the logs say the account was asked for and refused, second by second. */
export async function readAccountSeconds(
  readMetrics: ReadMetrics,
  range: TimeRange,
): Promise<AccountSeconds> {
  const series = { dimensions: {}, statistic: 'Sum', periodSeconds: 1 } as const;
  const [requests, throttled] = await readMetrics(
    [
      { name: 'RequestCount', ...series },
      { name: 'ThrottledCount', ...series },
    ],
    range,
  );
  return {
    startMs: range.fromMs,
    requests: countsPerSecond(requests, range),
    throttled: countsPerSecond(throttled, range),
  };
}

function isSilent({ requests }: AccountSeconds, minute: number): boolean {
  const start = minute * SECONDS_PER_MINUTE;
  return requests.slice(start, start + SECONDS_PER_MINUTE).every((count) => count === 0);
}

/**
 * Adds what is unlogged to what the logs say. A minute of which the logs say nothing stands by its unlogged part alone only if
 * API Gateway shows no request of the logged stages either: else the logs are missing, and nobody knows the demand.
 */
export async function addUnlogged(
  account: AccountSeconds,
  unlogged: UnloggedDemand,
  inventory: readonly InventoryItem[],
  readServiceCounts: ReadServiceCounts | undefined,
): Promise<AccountSeconds> {
  if (readServiceCounts === undefined || unlogged.byStage.size === 0) return account;
  const { startMs, requests } = account;
  const range = { fromMs: startMs, toMs: startMs + requests.length * 1_000 };
  const perMinute = unloggedPerMinute(unlogged, range);
  const isDoubtful = perMinute.map((count, minute) => count > 0 && isSilent(account, minute));
  const busy = isDoubtful.includes(true)
    ? await readBusyLoggedMinutes(readServiceCounts, inventory, range)
    : new Set<number>();
  const isBlind = (minute: number): boolean =>
    isDoubtful[minute] === true && busy.has(startMs + minute * MINUTE_MS);
  return {
    ...account,
    unloggedRps: perMinute.map((count, minute) => (isBlind(minute) ? 0 : count / SECONDS_PER_MINUTE)),
  };
}
