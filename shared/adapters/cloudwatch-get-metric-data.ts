import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { MetricSeries, TimeRange } from '#shared/application/ports.ts';

/**
 * Queries of one GetMetricData call.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html}
 */
const MAX_QUERIES_PER_CALL = 500;

/** One series of any namespace. */
export type SeriesQuery = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
};

function toSdkQuery(
  { namespace, name, dimensions, statistic, periodSeconds }: SeriesQuery,
  index: number,
): MetricDataQuery {
  return {
    Id: `q${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}

function take(result: MetricDataResult, series: readonly Map<number, number>[]): void {
  const { Id = '', StatusCode, Timestamps = [], Values = [] } = result;
  if (StatusCode !== 'Complete' && StatusCode !== 'PartialData') {
    throw new Error(`CloudWatch could not read metric ${Id}: ${StatusCode ?? 'no status'}`);
  }
  const target = series[Number(Id.slice(1))];
  Timestamps.forEach((timestamp, index) => {
    const value = Values[index];
    if (value !== undefined) target?.set(timestamp.getTime(), value);
  });
}

async function readChunk(
  client: CloudWatchClient,
  queries: readonly SeriesQuery[],
  { fromMs, toMs }: TimeRange,
): Promise<MetricSeries[]> {
  const series = queries.map(() => new Map<number, number>());
  const incomplete = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries.map(toSdkQuery),
        StartTime: new Date(fromMs),
        EndTime: new Date(toMs),
        ScanBy: 'TimestampAscending',
        NextToken,
      }),
    );
    for (const result of page.MetricDataResults ?? []) {
      take(result, series);
      if (result.StatusCode === 'PartialData') incomplete.add(result.Id ?? '');
      else incomplete.delete(result.Id ?? '');
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  if (incomplete.size > 0) throw new Error(`CloudWatch returned only a part of ${incomplete.size} metrics`);
  return series;
}

/**
 * Reads series in the order of the queries, complete or not at all, in as few calls of GetMetricData as its limits
 * allow.
 *
 * @throws {Error} If CloudWatch cannot answer a query
 */
export async function getMetricData(
  client: CloudWatchClient,
  queries: readonly SeriesQuery[],
  range: TimeRange,
): Promise<MetricSeries[]> {
  const series: MetricSeries[] = [];
  for (let start = 0; start < queries.length; start += MAX_QUERIES_PER_CALL) {
    series.push(...(await readChunk(client, queries.slice(start, start + MAX_QUERIES_PER_CALL), range)));
  }
  return series;
}
