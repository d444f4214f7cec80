import type {
  MetricQuery,
  MetricSeries,
  PublishMetricData,
  ReadMetrics,
  TimeRange,
} from '#shared/application/ports.ts';
import type { Dimensions, MetricDatum, MetricName } from '#shared/domain/metrics/metric-datum.ts';

const MINUTE_MS = 60_000;

/**
 * The data of one series in one minute; `perSecond` only where it came with 1-second resolution, NaN in a second
 * without data: a published zero is not the same.
 */
type Minute = {
  sum: number;
  maximum: number;
  perSecond: Float64Array | null;
  values: number[];
  counts: number[];
};

type Series = {
  readonly name: MetricName;
  readonly dimensions: Dimensions;
  readonly minutes: Map<number, Minute>;
};

function seriesKey(name: MetricName, dimensions: Dimensions): string {
  return JSON.stringify([name, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function addDatum(
  { minutes }: Series,
  { timestampMs, resolutionSeconds, values, counts }: MetricDatum,
): void {
  const minuteMs = timestampMs - (timestampMs % MINUTE_MS);
  const minute = minutes.get(minuteMs) ?? {
    sum: 0,
    maximum: Number.NEGATIVE_INFINITY,
    perSecond: null,
    values: [],
    counts: [],
  };
  minutes.set(minuteMs, minute);
  const sum = values.reduce((total, value, index) => total + value * (counts[index] ?? 1), 0);
  minute.sum += sum;
  minute.maximum = Math.max(minute.maximum, ...values);
  if (resolutionSeconds === 1) {
    minute.perSecond ??= new Float64Array(60).fill(Number.NaN);
    const second = (timestampMs - minuteMs) / 1_000;
    const before = minute.perSecond[second] ?? 0;
    minute.perSecond[second] = Number.isNaN(before) ? sum : before + sum;
    return;
  }
  for (const [index, value] of values.entries()) {
    minute.values.push(value);
    minute.counts.push(counts[index] ?? 1);
  }
}

/**
 * The value below which `ratio` of the observations lie, by nearest rank.
 *
 * @param ratio - 0..1
 * @returns `null` for no observations
 */
export function percentile(
  values: readonly number[],
  counts: readonly number[],
  ratio: number,
): number | null {
  const order = values
    .map((value, index) => ({ value, count: counts[index] ?? 0 }))
    .sort((a, b) => a.value - b.value);
  const total = order.reduce((sum, { count }) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(ratio * total));
  let seen = 0;
  for (const { value, count } of order) {
    seen += count;
    if (seen >= rank) return value;
  }
  return null;
}

function statisticOf(minute: Minute, statistic: MetricQuery['statistic']): number | null {
  if (statistic === 'Sum') return minute.sum;
  if (statistic === 'Maximum') return minute.maximum;
  return percentile(minute.values, minute.counts, Number(statistic.slice(1)) / 100);
}

function readSeconds(
  minuteMs: number,
  minute: Minute,
  { fromMs, toMs }: TimeRange,
  into: Map<number, number>,
): void {
  minute.perSecond?.forEach((value, second) => {
    const secondMs = minuteMs + second * 1_000;
    if (!Number.isNaN(value) && secondMs >= fromMs && secondMs < toMs) into.set(secondMs, value);
  });
}

/** CloudWatch on a laptop: takes what PutMetricData takes and answers what GetMetricData answers. */
export type MemoryMetrics = {
  readonly publishMetricData: PublishMetricData;
  readonly readMetrics: ReadMetrics;
  /** Everything that was counted into a series. */
  readonly total: (name: MetricName, dimensions: Dimensions) => number;
  /** The minutes in which a series has data, ascending, epoch milliseconds. */
  readonly minutes: (name: MetricName, dimensions: Dimensions) => readonly number[];
  /** The dimensions of all series of a metric. */
  readonly listDimensions: (name: MetricName) => readonly Dimensions[];
  /** All observations of a series, for percentiles over longer than a minute. */
  readonly observations: (name: MetricName, dimensions: Dimensions) => { values: number[]; counts: number[] };
};

/** Creates an empty metric store. It keeps all data at full resolution; CloudWatch thins data out with age. */
export function createMemoryMetrics(): MemoryMetrics {
  const store = new Map<string, Series>();

  function seriesOf(name: MetricName, dimensions: Dimensions): Series {
    const key = seriesKey(name, dimensions);
    const known = store.get(key);
    if (known !== undefined) return known;
    const series: Series = { name, dimensions, minutes: new Map() };
    store.set(key, series);
    return series;
  }

  function read({ name, dimensions, statistic, periodSeconds }: MetricQuery, range: TimeRange): MetricSeries {
    const { fromMs, toMs } = range;
    const series = store.get(seriesKey(name, dimensions));
    const result = new Map<number, number>();
    if (series === undefined) return result;
    for (let minuteMs = fromMs - (fromMs % MINUTE_MS); minuteMs < toMs; minuteMs += MINUTE_MS) {
      const minute = series.minutes.get(minuteMs);
      if (minute === undefined) continue;
      if (periodSeconds === 1) readSeconds(minuteMs, minute, range, result);
      else {
        const value = statisticOf(minute, statistic);
        if (value !== null) result.set(minuteMs, value);
      }
    }
    return result;
  }

  return {
    publishMetricData: async (chunk) => {
      for (const datum of chunk) addDatum(seriesOf(datum.name, datum.dimensions), datum);
      return 'accepted';
    },
    readMetrics: async (queries, range) => queries.map((query) => read(query, range)),
    total: (name, dimensions) => {
      let total = 0;
      for (const { sum } of store.get(seriesKey(name, dimensions))?.minutes.values() ?? []) total += sum;
      return total;
    },
    minutes: (name, dimensions) =>
      [...(store.get(seriesKey(name, dimensions))?.minutes.keys() ?? [])].sort((a, b) => a - b),
    listDimensions: (name) =>
      [...store.values()].filter((series) => series.name === name).map(({ dimensions }) => dimensions),
    observations: (name, dimensions) => {
      const all: { values: number[]; counts: number[] } = { values: [], counts: [] };
      for (const { values, counts } of store.get(seriesKey(name, dimensions))?.minutes.values() ?? []) {
        for (const value of values) all.values.push(value);
        for (const count of counts) all.counts.push(count);
      }
      return all;
    },
  };
}
