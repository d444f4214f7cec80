import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import type {
  MetricQuery,
  MetricSeries,
  PublishMetricData,
  ReadMetrics,
  ReadServiceCounts,
} from '#shared/application/ports.ts';
import { readIdleMinutes } from '#shared/application/read-idle-minutes.ts';
import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { Finding, FindingKind } from '#shared/domain/detection/finding.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { InventoryItem, StageId } from '#shared/domain/inventory/stage.ts';
import { type RequestMetric, requestMetrics } from '#shared/domain/logging/request-metrics.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';
import { createAccount } from '#test/fakes/replayed-account.ts';

type Options = {
  /** Whether API Gateway's own counts can be read, as they can but in replay. */
  readonly hasServiceCounts?: boolean;
  readonly publishMetricData?: PublishMetricData;
};

function metricKey({ name, dimensions }: RequestMetric): string {
  return JSON.stringify([name, dimensions]);
}

/** What API Gateway itself counts, as a test writes it down. */
function createServiceCounts() {
  const counts = new Map<string, Map<number, number>>();
  const asked: string[] = [];
  const read: ReadServiceCounts = async (metrics, { fromMs, toMs }) =>
    metrics.map((metric): MetricSeries => {
      asked.push(metricKey(metric));
      const all = counts.get(metricKey(metric)) ?? new Map<number, number>();
      return new Map([...all].filter(([minuteMs]) => minuteMs >= fromMs && minuteMs < toMs));
    });
  const count = (item: InventoryItem, minuteMs: number, requests: number): void => {
    const [metric] = requestMetrics(item);
    if (metric === undefined) throw new Error('A stage has a metric');
    const known = counts.get(metricKey(metric)) ?? new Map<number, number>();
    counts.set(metricKey(metric), known.set(minuteMs, requests));
  };
  return { read, count, asked };
}

/** An account in memory with everything that check-headroom needs, and a note of what it reads and publishes. */
export function createHeadroomAccount(
  inventory: readonly InventoryItem[],
  quota: Quota,
  options: Options = {},
) {
  const fixture = createAccount(inventory);
  const { account, metrics, runEvaluation, readableAfter, findings, addStageMinute } = fixture;
  const service = createServiceCounts();
  const queries: MetricQuery[] = [];
  const data: MetricDatum[] = [];
  const readMetrics: ReadMetrics = (asked, range) => {
    queries.push(...asked);
    return metrics.readMetrics(asked, range);
  };
  const publishMetricData: PublishMetricData = async (chunk) => {
    data.push(...chunk);
    return (options.publishMetricData ?? metrics.publishMetricData)(chunk);
  };
  const reading = { readMetrics, readServiceCounts: service.read };
  const checkHeadroom = createCheckHeadroom({
    assessHeadroom: createAssessHeadroom({
      account,
      ...(options.hasServiceCounts === true ? reading : { readMetrics }),
    }),
    ...(options.hasServiceCounts === true && {
      readIdleMinutes: (stages, final) => readIdleMinutes(reading, stages, final),
    }),
    readQuota: async () => createQuotaStatus(quota),
    publishMetricData,
    runEvaluation,
  });
  const checkAfter = async (minuteMs: number) => {
    readableAfter(minuteMs);
    return checkHeadroom();
  };
  /** Refused requests by cause, as the access log or the execution log tells them. */
  const addCause = (
    id: StageId,
    minuteMs: number,
    cause: CauseSlug,
    requests: number,
    name: 'ErrorCount' | 'ExecutionCause' = 'ErrorCount',
  ): Promise<void> => addStageMinute(id, minuteMs, name, [requests], cause);
  const findingOf = (kind: FindingKind, apiId?: string): Finding | undefined =>
    findings().findLast((finding) => finding.kind === kind && finding.scope.apiId === apiId);
  const factsOf = (kind: FindingKind, apiId?: string): Record<string, string> =>
    Object.fromEntries((findingOf(kind, apiId)?.evidence ?? []).map(({ label, value }) => [label, value]));
  /** What was published of a metric in a minute. */
  const publishedOf = (name: string, minuteMs: number): number[] =>
    data
      .filter((datum) => datum.name === name && datum.timestampMs === minuteMs)
      .flatMap(({ values }) => [...values]);
  return { ...fixture, service, queries, checkAfter, addCause, findingOf, factsOf, publishedOf };
}
