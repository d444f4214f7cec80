/** Dimensions by name; none for the account as a whole. */
export type Dimensions = Readonly<Record<string, string>>;

/** The metrics of the namespace `Gatewatch`. Their names are a public contract (docs/metrics.md). */
export type MetricName =
  | 'RequestCount'
  | 'ThrottledCount'
  | 'Latency'
  | 'IntegrationLatency'
  | 'ErrorCount'
  | 'ExecutionCause'
  | 'ClientErrorCount'
  | 'ServerErrorCount'
  | 'AccountDemandRps'
  | 'AccountRpsPeak'
  | 'AccountQuotaRps'
  | 'AccountUtilization'
  | 'BurstTokensLeft'
  | 'PredictedThrottles'
  | 'IngestLag';

/** The units in use, in CloudWatch's own words. */
export type MetricUnit = 'Count' | 'Milliseconds' | 'Count/Second' | 'Percent';

/** One entry of a PutMetricData call: `counts[i]` observations of `values[i]`. */
export type MetricDatum = {
  readonly name: MetricName;
  readonly dimensions: Dimensions;
  /** Epoch milliseconds at the start of the second or minute. */
  readonly timestampMs: number;
  readonly unit: MetricUnit;
  readonly resolutionSeconds: 1 | 60;
  readonly values: readonly number[];
  readonly counts: readonly number[];
};

/** The namespace of all metrics that Gatewatch publishes. */
export const NAMESPACE = 'Gatewatch';
