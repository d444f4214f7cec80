/** One entry of PutMetricData, in CloudWatch's own words; `Timestamp` in seconds. */
export type Datum = {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Timestamp: number;
  readonly StorageResolution: number;
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
};

/** One entry of GetMetricData's queries, without its id. */
export type Query = {
  readonly Metric: { readonly Namespace: string } & Pick<Datum, 'MetricName' | 'Dimensions'>;
  readonly Period: number;
  readonly Stat: string;
};

/** A value with the start of its period in seconds. */
export type Point = readonly [startSeconds: number, value: number];

type Stored = Pick<Datum, 'Timestamp' | 'StorageResolution' | 'Values' | 'Counts'> & {
  readonly arrivedSeconds: number;
};

/** The time of which metrics are read, and until when they had arrived to be seen. */
export type Window = {
  /** Included. */
  readonly startSeconds: number;
  /** Not included. */
  readonly endSeconds: number;
  readonly arrivedUntilSeconds: number;
};

export type CloudWatchStore = {
  readonly put: (namespace: string, datum: Datum, arrivedSeconds: number) => void;
  /** @returns In the order of time */
  readonly get: (query: Query, window: Window) => Point[];
};

/** A metric is its name with exactly its dimensions, in any order. */
function metricKey(
  namespace: string,
  { MetricName, Dimensions }: Pick<Datum, 'MetricName' | 'Dimensions'>,
): string {
  const dimensions = Dimensions.map(({ Name, Value }) => `${JSON.stringify(Name)}:${JSON.stringify(Value)}`);
  return JSON.stringify([namespace, MetricName, dimensions.sort()]);
}

function observationsOf(data: readonly Stored[]): number[] {
  return data
    .flatMap(({ Values, Counts }) =>
      Values.flatMap((value, index) => new Array<number>(Counts[index] ?? 1).fill(value)),
    )
    .sort((a, b) => a - b);
}

/** CloudWatch does not publish how it finds a percentile; here it is the nearest rank. */
function statistic(stat: string, data: readonly Stored[]): number {
  const observations = observationsOf(data);
  if (stat === 'Sum') return observations.reduce((sum, value) => sum + value, 0);
  if (stat === 'Maximum') return Math.max(...observations);
  const rank = Math.ceil((Number(stat.slice(1)) / 100) * observations.length);
  return observations[Math.max(rank, 1) - 1] ?? Number.NaN;
}

/** The metrics of an account at their full resolution, for as long as the test runs. */
export function createCloudWatchStore(): CloudWatchStore {
  const metrics = new Map<string, Stored[]>();
  return {
    put: (namespace, datum, arrivedSeconds) => {
      const key = metricKey(namespace, datum);
      metrics.set(key, [...(metrics.get(key) ?? []), { ...datum, arrivedSeconds }]);
    },
    get: ({ Metric, Period, Stat }, { startSeconds, endSeconds, arrivedUntilSeconds }) => {
      const periods = new Map<number, Stored[]>();
      for (const datum of metrics.get(metricKey(Metric.Namespace, Metric)) ?? []) {
        if (datum.StorageResolution > Period || datum.arrivedSeconds > arrivedUntilSeconds) continue;
        const start = Math.floor(datum.Timestamp / Period) * Period;
        if (start < startSeconds || start >= endSeconds) continue;
        periods.set(start, [...(periods.get(start) ?? []), datum]);
      }
      return [...periods]
        .map(([start, data]): Point => [start, statistic(Stat, data)])
        .sort(([a], [b]) => a - b);
    },
  };
}
