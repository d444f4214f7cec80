import type { MetricQuery, MetricSeries, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import type { StageId } from '#shared/domain/inventory/stage.ts';
import type { Dimensions } from '#shared/domain/metrics/metric-datum.ts';

/** The milliseconds of a minute, the period of all reading but that of the account's seconds. */
export const MINUTE_MS = 60_000;

/** One metric of a stage and how to combine it per minute. */
export type StageQuery = Pick<MetricQuery, 'name' | 'statistic'>;

/** The dimensions of a stage's series. */
export function stageDimensions({ apiId, stage }: StageId): Dimensions {
  return { ApiId: apiId, Stage: stage };
}

/** A range with the minutes before it that a judgement of its first minute needs. */
export function withHistory({ fromMs, toMs }: TimeRange, historyMinutes: number): TimeRange {
  return { fromMs: fromMs - historyMinutes * MINUTE_MS, toMs };
}

/**
 * Reads the same metrics of every stage, per minute.
 *
 * @returns For each stage its series, in the order of the queries
 */
export async function readStageMetrics(
  readMetrics: ReadMetrics,
  stages: readonly StageId[],
  queries: readonly StageQuery[],
  range: TimeRange,
): Promise<(readonly MetricSeries[])[]> {
  const series = await readMetrics(
    stages.flatMap((stage) =>
      queries.map((query) => ({ ...query, dimensions: stageDimensions(stage), periodSeconds: 60 }) as const),
    ),
    range,
  );
  return stages.map((_, index) => series.slice(index * queries.length, (index + 1) * queries.length));
}

/** A series as one value per minute of a range; `null` where the minute has none. */
export function perMinute(series: MetricSeries | undefined, { fromMs, toMs }: TimeRange): (number | null)[] {
  const values: (number | null)[] = [];
  for (let minute = fromMs; minute < toMs; minute += MINUTE_MS) values.push(series?.get(minute) ?? null);
  return values;
}

/** A series of counts as one value per minute of a range; a minute without data counted nothing. */
export function countsPerMinute(series: MetricSeries | undefined, range: TimeRange): number[] {
  return perMinute(series, range).map((value) => value ?? 0);
}
