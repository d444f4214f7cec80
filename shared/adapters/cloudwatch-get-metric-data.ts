import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataOutput,
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

/** Values of one page of an answer, unless less is asked for. */
const VALUES_PER_PAGE = 100_800;

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

/** An answer that lacks a part: what is missing must not look like no data. It may be whole the next time. */
class MetricsNotReadError extends Error {
  override readonly name = 'MetricsNotReadError';
}

/** Pages of one call. One is enough by {@link VALUES_PER_PAGE}; CloudWatch may give less of an answer at a time. */
const MAX_PAGES = 200;

/** How a result was answered last; one that was never answered is `null`. */
type Answers = (MetricDataResult['StatusCode'] | null)[];

/**
 * Takes what is on a page.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html}
 */
function takePage(
  { MetricDataResults = [], Messages = [], NextToken }: GetMetricDataOutput,
  series: readonly Map<number, number>[],
  answers: Answers,
): void {
  // A message about the call, such as `Maximum number of allowed metrics exceeded`: the rest was left out.
  const [message] = Messages;
  if (message !== undefined) {
    throw new MetricsNotReadError(
      `CloudWatch left out metrics: ${message.Code ?? 'no code'}, ${message.Value ?? 'no reason'}`,
    );
  }
  for (const {
    Id = '',
    StatusCode,
    Timestamps = [],
    Values = [],
    Messages: ofMetric = [],
  } of MetricDataResults) {
    const index = Number(Id.slice(1));
    // An internal error may be asked again with the token; without one it is the end.
    const goesOn = StatusCode === 'PartialData' || (StatusCode === 'InternalError' && Boolean(NextToken));
    if (StatusCode !== 'Complete' && !goesOn) {
      const why = ofMetric.map(({ Code = '', Value = '' }) => ` (${Code} ${Value})`).join('');
      throw new MetricsNotReadError(
        `CloudWatch could not read metric ${Id}: ${StatusCode ?? 'no status'}${why}`,
      );
    }
    answers[index] = StatusCode;
    Timestamps.forEach((timestamp, at) => {
      const value = Values[at];
      if (value !== undefined) series[index]?.set(timestamp.getTime(), value);
    });
  }
}

/** What is missing must not look like a metric without data. */
function checkWhole(answers: Answers): void {
  const missing = answers.filter((answer) => answer === null).length;
  if (missing > 0)
    throw new MetricsNotReadError(`CloudWatch did not answer for ${missing} of ${answers.length} metrics`);
  const partial = answers.filter((answer) => answer !== 'Complete').length;
  if (partial > 0) throw new MetricsNotReadError(`CloudWatch returned only a part of ${partial} metrics`);
}

async function readChunk(
  client: CloudWatchClient,
  queries: readonly SeriesQuery[],
  { fromMs, toMs }: TimeRange,
): Promise<MetricSeries[]> {
  const series = queries.map(() => new Map<number, number>());
  const answers: Answers = queries.map(() => null);
  let NextToken: string | undefined;
  for (let page = 1; page === 1 || NextToken; page += 1) {
    if (page > MAX_PAGES)
      throw new MetricsNotReadError(`CloudWatch did not come to an end in ${MAX_PAGES} pages`);
    const answer = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries.map(toSdkQuery),
        StartTime: new Date(fromMs),
        EndTime: new Date(toMs),
        ScanBy: 'TimestampAscending',
        NextToken,
      }),
    );
    takePage(answer, series, answers);
    ({ NextToken } = answer);
  }
  checkWhole(answers);
  return series;
}

/** The calls of a reading. A page more would ask for all metrics of its call again, so no call has more than one page of values. */
function* inCalls(queries: readonly SeriesQuery[], { fromMs, toMs }: TimeRange): Generator<SeriesQuery[]> {
  let call: SeriesQuery[] = [];
  let values = 0;
  for (const query of queries) {
    const most = Math.ceil((toMs - fromMs) / (query.periodSeconds * 1_000)) + 1;
    if (call.length === MAX_QUERIES_PER_CALL || (call.length > 0 && values + most > VALUES_PER_PAGE)) {
      yield call;
      call = [];
      values = 0;
    }
    call.push(query);
    values += most;
  }
  if (call.length > 0) yield call;
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
  for (const call of inCalls(queries, range)) series.push(...(await readChunk(client, call, range)));
  return series;
}
