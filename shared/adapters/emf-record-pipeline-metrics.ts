import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DispatchCounts } from '#shared/application/dispatch-counts.ts';
import type { EnvelopeReport } from '#shared/application/envelope-report.ts';
import type { ParkedReport } from '#shared/application/send-parked-metrics.ts';
import type { SubscriptionReport } from '#shared/application/subscription-report.ts';
import { NAMESPACE } from '#shared/domain/metrics/metric-datum.ts';

/** The same metric once more for each reason, with the dimension `Reason`. */
type ByReason = { readonly name: string; readonly counts: Readonly<Record<string, number>> };

type Count = {
  readonly name: string;
  readonly value: number;
  readonly unit?: typeof MetricUnit.Milliseconds;
};

/**
 * Writes the pipeline's metrics about itself to standard output in the embedded metric format, from which
 * CloudWatch Logs takes them without a call. Zeros are written too: an alarm needs to see that nothing happened.
 */
function createRecord(functionName: string): (counts: readonly Count[], byReason?: ByReason) => void {
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: functionName });
  return (counts, byReason = { name: '', counts: {} }) => {
    // The library's own default dimension is `service`; the metrics' contract says `Function`.
    metrics.clearDefaultDimensions();
    metrics.addDimension('Function', functionName);
    for (const { name, value, unit } of counts) metrics.addMetric(name, unit ?? MetricUnit.Count, value);
    for (const [reason, count] of Object.entries(byReason.counts)) {
      const single = metrics.singleMetric();
      single.clearDefaultDimensions();
      single.addDimension('Function', functionName);
      single.addDimension('Reason', reason);
      single.addMetric(byReason.name, MetricUnit.Count, count);
    }
    metrics.publishStoredMetrics();
  };
}

function rejectedByReason({ rejected }: EnvelopeReport): Record<string, number> {
  return Object.fromEntries(Object.entries(rejected).map(([reason, { count }]) => [reason, count]));
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/**
 * Records events that CloudWatch may have counted twice, at once: the invocation may be killed before it can report.
 *
 * @see {@link createRecordIngest} For what is recorded at its end
 */
export function createRecordDoubt(functionName: string): (events: number) => void {
  const record = createRecord(functionName);
  return (events) => record([{ name: 'PossiblyRepeatedEvents', value: events }]);
}

/** Records what became of a parked call. Its events were recorded as ingested when they were. */
export function createRecordParked(functionName: string): (report: ParkedReport) => void {
  const record = createRecord(functionName);
  return ({ status, metricCalls, rejected }) =>
    record(
      [
        { name: 'RejectedEvents', value: sumOf(rejected) },
        { name: 'RepeatedEnvelopes', value: status === 'repeated' ? 1 : 0 },
        { name: 'MetricCalls', value: metricCalls },
        { name: 'PutOffCalls', value: status === 'put-off' ? 1 : 0 },
      ],
      { name: 'RejectedEvents', counts: rejected },
    );
}

/** `repaired`: only of an ingest that repairs lines. */
type RecordedIngest = EnvelopeReport & { readonly repaired?: number };

/** Records what an ingest did: see docs/metrics.md, "The pipeline about itself". */
export function createRecordIngest(functionName: string): (report: RecordedIngest) => void {
  const record = createRecord(functionName);
  return (report) => {
    const reasons = rejectedByReason(report);
    const counts: Count[] = [
      { name: 'IngestedEvents', value: report.requests },
      { name: 'RejectedEvents', value: sumOf(reasons) },
      { name: 'RepeatedEnvelopes', value: report.status === 'repeated' ? 1 : 0 },
      { name: 'MetricCalls', value: report.metricCalls },
      { name: 'ParkedCalls', value: report.parkedCalls },
    ];
    const { ingestLagMs, repaired } = report;
    if (repaired !== undefined) counts.push({ name: 'RepairedEvents', value: repaired });
    if (ingestLagMs !== null)
      counts.push({ name: 'IngestLag', value: ingestLagMs, unit: MetricUnit.Milliseconds });
    record(counts, { name: 'RejectedEvents', counts: reasons });
  };
}

/** Records what a dispatch delivered. */
export function createRecordDispatch(functionName: string): (counts: DispatchCounts) => void {
  const record = createRecord(functionName);
  return ({ delivered, failed, putOff }) =>
    record([
      { name: 'DeliveredAlerts', value: delivered },
      { name: 'FailedAlerts', value: failed },
      { name: 'PutOffAlerts', value: putOff },
    ]);
}

/** Records that all receivers could be told something. An alarm on the absence of it is the heartbeat of alerting. */
export function createRecordHeartbeat(functionName: string): () => void {
  const record = createRecord(functionName);
  return () => record([{ name: 'AlertingHeartbeats', value: 1 }]);
}

/**
 * Records that a function's evaluators ran to their end, also when there was nothing new to judge. An alarm on the
 * absence of it is the pipeline's heartbeat.
 */
export function createRecordEvaluation(functionName: string): () => void {
  const record = createRecord(functionName);
  return () => record([{ name: 'CompletedEvaluations', value: 1 }]);
}

type RecordedSubscriptions = Pick<
  SubscriptionReport,
  'stages' | 'subscribed' | 'leftAlone' | 'unreadable' | 'failed'
>;

/** Records what a run found of stages, what it could not read or change, and which of their log groups have our filters. */
export function createRecordSubscriptions(functionName: string): (report: RecordedSubscriptions) => void {
  const record = createRecord(functionName);
  return ({ stages, subscribed, leftAlone, unreadable, failed }) => {
    const counts = Object.fromEntries(
      Object.entries(leftAlone).map(([reason, { count }]) => [reason, count]),
    );
    record(
      [
        { name: 'KnownStages', value: stages },
        { name: 'SubscribedLogGroups', value: subscribed },
        {
          name: 'UnsubscribedLogGroups',
          value: sumOf(counts),
        },
        { name: 'UnreadableApis', value: unreadable.count },
        { name: 'FailedSubscriptions', value: failed },
      ],
      { name: 'UnsubscribedLogGroups', counts },
    );
  };
}
