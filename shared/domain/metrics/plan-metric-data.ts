import type { StageId } from '#shared/domain/inventory/stage.ts';
import type { Aggregate, SecondCounts, StageMinute } from '#shared/domain/metrics/aggregate-requests.ts';
import { type LatencyDistribution, toObservations } from '#shared/domain/metrics/latency-distribution.ts';
import type { Dimensions, MetricDatum, MetricName, MetricUnit } from '#shared/domain/metrics/metric-datum.ts';
import { inOrder, type TimeSeries } from '#shared/domain/metrics/time-series.ts';

/**
 * What one PutMetricData call takes.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html}
 */
export const MAX_DATA_PER_CALL = 1_000;
const MAX_VALUES_PER_DATUM = 150;
/** Half of the 1 MB of a call: the size is estimated, and the wire format repeats field names. */
const MAX_BYTES_PER_CALL = 500_000;

type Series = { readonly dimensions: Dimensions; readonly timestampMs: number };

function count(name: MetricName, resolutionSeconds: 1 | 60, series: Series, value: number): MetricDatum[] {
  if (value === 0) return [];
  return [{ name, ...series, unit: 'Count', resolutionSeconds, values: [value], counts: [1] }];
}

function secondData(dimensions: Dimensions, seconds: TimeSeries<SecondCounts>): MetricDatum[] {
  return inOrder(seconds).flatMap(([timestampMs, { requests, throttled }]) => [
    ...count('RequestCount', 1, { dimensions, timestampMs }, requests),
    ...count('ThrottledCount', 1, { dimensions, timestampMs }, throttled),
  ]);
}

function latencyData(name: MetricName, series: Series, distribution: LatencyDistribution): MetricDatum[] {
  const { values, counts } = toObservations(distribution);
  const unit: MetricUnit = 'Milliseconds';
  const data: MetricDatum[] = [];
  for (let start = 0; start < values.length; start += MAX_VALUES_PER_DATUM) {
    const end = start + MAX_VALUES_PER_DATUM;
    data.push({
      name,
      ...series,
      unit,
      resolutionSeconds: 60,
      values: values.slice(start, end),
      counts: counts.slice(start, end),
    });
  }
  return data;
}

function minuteData(dimensions: Dimensions, timestampMs: number, minute: StageMinute): MetricDatum[] {
  const series = { dimensions, timestampMs };
  const causes = [...minute.causes].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...latencyData('Latency', series, minute.latency),
    ...latencyData('IntegrationLatency', series, minute.integrationLatency),
    ...count('ClientErrorCount', 60, series, minute.clientErrors),
    ...count('ServerErrorCount', 60, series, minute.serverErrors),
    ...causes.flatMap(([Cause, requests]) =>
      count('ErrorCount', 60, { dimensions: { ...dimensions, Cause }, timestampMs }, requests),
    ),
  ];
}

function stageDimensions({ apiId, stage }: StageId): Dimensions {
  return { ApiId: apiId, Stage: stage };
}

/** About what a datum takes on the wire: names and timestamps, and each value with its count. */
function estimateBytes({ dimensions, values }: MetricDatum): number {
  const dimensionBytes = Object.entries(dimensions).reduce(
    (sum, [name, value]) => sum + name.length + value.length + 24,
    0,
  );
  return 160 + dimensionBytes + values.length * 28;
}

/**
 * Cuts data into calls that CloudWatch takes: at most {@link MAX_DATA_PER_CALL} data and 1 MB each.
 *
 * @param data - In the order in which they are to be sent
 */
export function chunkMetricData(data: readonly MetricDatum[]): MetricDatum[][] {
  const chunks: MetricDatum[][] = [];
  let chunk: MetricDatum[] = [];
  let bytes = 0;
  for (const datum of data) {
    const datumBytes = estimateBytes(datum);
    if (chunk.length > 0 && (chunk.length >= MAX_DATA_PER_CALL || bytes + datumBytes > MAX_BYTES_PER_CALL)) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(datum);
    bytes += datumBytes;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

/**
 * The PutMetricData calls of an aggregate. The same aggregate always gives the same calls in the same order, so
 * that a repeated delivery can go on where the first one stopped.
 */
export function planMetricData(aggregate: Aggregate): MetricDatum[][] {
  const stages = [...aggregate.stages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stage]) => stage);
  return chunkMetricData([
    ...secondData({}, aggregate.seconds),
    ...stages.flatMap(({ id, seconds }) => secondData(stageDimensions(id), seconds)),
    ...stages.flatMap(({ id, minutes }) =>
      inOrder(minutes).flatMap(([timestampMs, minute]) =>
        minuteData(stageDimensions(id), timestampMs, minute),
      ),
    ),
  ]);
}
