import type { EvaluationCompleted, Finding, Scope } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import type { QuotaStatus } from '#shared/domain/headroom/quota/quota-history.ts';
import type { QuotaNumbers } from '#shared/domain/headroom/quota/quota-in-force.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { RequestMetric } from '#shared/domain/logging/request-metrics.ts';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';
import type { PayloadBytes } from '#shared/domain/logs/payload/scan-payload.ts';
import type { Dimensions, MetricDatum, MetricName } from '#shared/domain/metrics/metric-datum.ts';

/** The account and Region that this stack watches. */
export type Account = Required<Pick<Scope, 'accountId' | 'region'>>;

export type Now = () => Date;

export type Wait = (milliseconds: number) => Promise<void>;

/**
 * Decodes the `awslogs.data` of a subscription event: base64, then gzip.
 *
 * @throws {Error} If the data is not gzip, or longer than an envelope can be
 */
export type DecodePayload = (data: string) => Promise<PayloadBytes>;

/**
 * What one service says of the account's throttle in this Region; `null` for a number that it does not have.
 *
 * @throws {Error} If it refuses the caller or cannot be reached
 */
export type ReadQuotaNumbers = () => Promise<QuotaNumbers>;

/** The quota that is in force for the account in this Region, and how it changed lately. */
export type ReadQuota = () => Promise<QuotaStatus>;

/** The quota as it was last read. Times in epoch milliseconds. */
export type StoredQuota = {
  readonly schemaVersion: 1;
  /** When the services were last asked. */
  readonly readAtMs: number;
  /** When each service last answered; `null` for never. */
  readonly answeredAtMs: { readonly getAccount: number | null; readonly serviceQuotas: number | null };
  readonly status: QuotaStatus;
};

export type QuotaStore = {
  readonly read: () => Promise<StoredQuota | null>;
  /** @returns False if the stored one was not read at `expectedReadAtMs` any more: another reader was first. */
  readonly write: (quota: StoredQuota, expectedReadAtMs: number | null) => Promise<boolean>;
};

/**
 * Sends one call's worth of metric data, once.
 *
 * @returns `accepted`; `not-counted`: throttled or not reached; `refused`: the data is invalid, and none of it is
 * counted; `unknown`: no answer came, it may be counted
 * @throws {Error} If CloudWatch refuses the caller; then nothing is counted
 */
export type PublishMetricData = (
  chunk: readonly MetricDatum[],
) => Promise<'accepted' | 'not-counted' | 'refused' | 'unknown'>;

/** One series to read: a metric, how to combine its data within a period, and the period. */
export type MetricQuery = {
  readonly name: MetricName;
  readonly dimensions: Dimensions;
  readonly statistic: 'Sum' | 'Maximum' | 'p50' | 'p90' | 'p99';
  readonly periodSeconds: 1 | 60;
};

/** Values by the epoch milliseconds at which their period starts; a period without data is absent. */
export type MetricSeries = ReadonlyMap<number, number>;

/** Epoch milliseconds, the end exclusive. */
export type TimeRange = { readonly fromMs: number; readonly toMs: number };

/**
 * Reads series in the order of the queries, complete or not at all.
 *
 * @throws {Error} If CloudWatch cannot answer a query
 */
export type ReadMetrics = (
  queries: readonly MetricQuery[],
  range: TimeRange,
) => Promise<readonly MetricSeries[]>;

/** One event of a log group, with the stream that it is in. */
export type LogGroupEvent = LogEvent & { readonly logStream: string };

/**
 * Reads the events of a log group whose timestamps are in the range, oldest first, page by page; a page may be empty.
 *
 * @throws {Error} While pages are taken, if there is no such group, or CloudWatch Logs cannot answer
 */
export type ReadLogEvents = (logGroup: string, range: TimeRange) => AsyncIterable<readonly LogGroupEvent[]>;

/**
 * Reads how many requests API Gateway itself counted, in the order of the metrics; 0 where there is none.
 *
 * @throws {Error} If CloudWatch cannot answer
 */
export type ReadRequestTotals = (
  metrics: readonly RequestMetric[],
  range: TimeRange,
) => Promise<readonly number[]>;

/**
 * Reads how many requests API Gateway itself counted per minute, in the order of the metrics. A minute without a value
 * had no request, or its value has not come yet: the service publishes minutes late, and no zeros.
 *
 * @throws {Error} If CloudWatch cannot answer
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html}
 */
export type ReadServiceCounts = (
  metrics: readonly RequestMetric[],
  range: TimeRange,
) => Promise<readonly MetricSeries[]>;

/**
 * Reads the outputs of a CloudFormation stack by name; `null` if there is no such stack.
 *
 * @throws {Error} If CloudFormation cannot answer
 */
export type ReadStack = (stackName: string) => Promise<Readonly<Record<string, string>> | null>;

/** What an evaluator knows between runs. */
export type EvaluationState = {
  /** The watermark: everything before it has been judged. Epoch milliseconds. */
  readonly throughMs: number;
  /** Start of the window that is judged anew each run, for late data. */
  readonly baseMs: number;
  /** The occurrences that were open at `baseMs`. */
  readonly baseOccurrences: readonly Occurrence[];
};

export type EvaluationStore = {
  readonly read: (evaluator: string) => Promise<EvaluationState | null>;
  /** @returns False if the watermark is no longer `expectedThroughMs`: another run was first. */
  readonly write: (
    evaluator: string,
    state: EvaluationState,
    expectedThroughMs: number | null,
  ) => Promise<boolean>;
};

/**
 * What evaluators put on the bus. Findings of one evaluation that tell one story travel together: a message that went
 * out after the first of them would not know the others.
 */
export type BusEvent =
  | { readonly type: 'findings'; readonly findings: readonly Finding[] }
  | { readonly type: 'evaluation.completed'; readonly completed: EvaluationCompleted };

/** What dispatch takes: from the bus, from somebody who redrives, and from a schedule. */
export type AlertEvent =
  | BusEvent
  /** A receiver may take now what it refused before of an incident. */
  | {
      readonly type: 'delivery.redriven';
      readonly receiver: string;
      readonly storyKey: string;
      readonly incidentId: string;
    }
  /** The occasion to look after everything that is owed. */
  | { readonly type: 'sweep' };

/** @throws {Error} If the bus did not take every event */
export type PublishAlertEvents = (events: readonly BusEvent[]) => Promise<void>;

export type IncidentStore = {
  /** The newest incident of a story. */
  readonly read: (storyKey: string) => Promise<Incident | null>;
  /** @returns False if the stored revision is no longer the expected one: somebody else was first. */
  readonly write: (incident: Incident, expectedRevision: number | null) => Promise<boolean>;
  /** The newest incidents of all stories that are open or owe a delivery. */
  readonly listActive: () => Promise<readonly Incident[]>;
};

/** What CloudFormation wants of a custom resource, with where it waits for the answer: the address is a secret. */
export type CustomResourceRequest = {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  readonly physicalResourceId: string;
};

export type CustomResourceOutcome =
  | { readonly status: 'SUCCESS' }
  | { readonly status: 'FAILED'; readonly reason: string };

/** @throws {Error} If CloudFormation did not take the answer; the error does not hold the address */
export type AnswerCustomResource = (
  request: CustomResourceRequest,
  outcome: CustomResourceOutcome,
) => Promise<void>;
