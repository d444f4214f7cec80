import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { createCheckSources, type SourcesReport } from '#shared/application/check-sources.ts';
import type { MetricSeries, ReadServiceCounts } from '#shared/application/ports.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { type InventoryItem, type StageId, UNKNOWN_STAGE } from '#shared/domain/inventory/stage.ts';
import { type RequestMetric, requestMetrics } from '#shared/domain/logging/request-metrics.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import type { Dimensions, MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { createDispatcher } from '#test/fakes/dispatcher.ts';

const MINUTE_MS = 60_000;

/** 2026-06-01 12:00 UTC: minute 0 of these accounts. */
export const START_MS = Date.UTC(2026, 5, 1, 12);

const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

/** A stage with an access log, with the given differences. */
export function loggedStage(apiId: string, differences: Partial<InventoryItem> = {}): InventoryItem {
  return {
    apiId,
    apiName: `${apiId}-api`,
    apiType: 'REST',
    stage: 'prod',
    logGroup: `/aws/apigw/${apiId}`,
    limits: null,
    integrationTimeoutMs: 29_000,
    schemaVersion: 1,
    ...differences,
  };
}

function keyOf({ name, dimensions }: RequestMetric): string {
  return JSON.stringify([name, Object.entries(dimensions).sort()]);
}

function requestsDatum(dimensions: Dimensions, timestampMs: number, requests: number): MetricDatum {
  return {
    name: 'RequestCount',
    dimensions,
    timestampMs,
    unit: 'Count',
    resolutionSeconds: 1,
    values: [requests],
    counts: [1],
  };
}

/** What CloudWatch has of API Gateway. */
export function createMemoryServiceCounts() {
  const store = new Map<string, Map<number, number>>();
  const asked: number[] = [];
  const readServiceCounts: ReadServiceCounts = async (metrics, { fromMs, toMs }) => {
    asked.push(metrics.length);
    return metrics.map((metric): MetricSeries => {
      const minutes = [...(store.get(keyOf(metric)) ?? [])];
      return new Map(minutes.filter(([minuteMs]) => minuteMs >= fromMs && minuteMs < toMs));
    });
  };
  /** Adds to what the service counted in a minute. */
  const count = (metric: RequestMetric, minuteMs: number, requests: number): void => {
    const series = store.get(keyOf(metric)) ?? new Map<number, number>();
    store.set(keyOf(metric), series.set(minuteMs, (series.get(minuteMs) ?? 0) + requests));
  };
  return { readServiceCounts, count, asked };
}

/** How an account's requests show in the two sources, by minute of the test. */
export type World = {
  readonly inventory: () => readonly InventoryItem[];
  readonly requests: (item: InventoryItem, minute: number) => number;
  /** Requests that the access log tells; all of them unless said otherwise. */
  readonly logged?: (item: InventoryItem, minute: number) => number;
  /** Requests that CloudWatch counts; all of them unless said otherwise. */
  readonly counted?: (item: InventoryItem, minute: number) => number;
  /** The part of the count that is connections, of a WebSocket stage. */
  readonly connects?: (minute: number) => number;
  readonly logDelayMinutes?: number;
  readonly countDelayMinutes?: number;
};

/** An account whose logs and service counts arrive by and by, watched as in a deployed stack. */
export function createTwoSources(world: World) {
  const { inventory, requests, logged = requests, counted = requests } = world;
  const { connects = () => 0, logDelayMinutes = 1, countDelayMinutes = 2 } = world;
  const metrics = createMemoryMetrics();
  const service = createMemoryServiceCounts();
  const incidents = createMemoryIncidents();
  const findings: Finding[] = [];
  const messages: IncidentSummary[] = [];
  const clock = { nowMs: START_MS };
  const now = () => new Date(clock.nowMs);
  const dispatch = createDispatcher(incidents, now, (summary) => messages.push(summary));
  const checkSources = createCheckSources({
    account: ACCOUNT,
    readMetrics: metrics.readMetrics,
    readServiceCounts: service.readServiceCounts,
    runEvaluation: createRunEvaluation({
      account: ACCOUNT,
      evaluations: createMemoryEvaluations(),
      readInventory: async () => inventory(),
      publishEvents: async (events) => {
        findings.push(...events.flatMap((event) => (event.type === 'findings' ? event.findings : [])));
        await dispatch(events);
      },
      now,
      settleSeconds: 60,
    }),
  });

  async function log(id: StageId, minuteMs: number, count: number): Promise<void> {
    if (count === 0) return;
    const stage = { ApiId: id.apiId, Stage: id.stage };
    await metrics.publishMetricData([
      requestsDatum({}, minuteMs, count),
      requestsDatum(stage, minuteMs, count),
    ]);
  }

  function countStage(item: InventoryItem, minute: number): void {
    const total = counted(item, minute);
    const values = { Count: total, ConnectCount: connects(minute), MessageCount: total - connects(minute) };
    for (const metric of requestMetrics(item)) {
      const value = values[metric.name];
      if (value > 0) service.count(metric, START_MS + minute * MINUTE_MS, value);
    }
  }

  /** Lets the minutes pass, each with a run, up to and without the last. */
  async function run(fromMinute: number, toMinute: number): Promise<SourcesReport | null> {
    let report: SourcesReport | null = null;
    for (let minute = fromMinute; minute < toMinute; minute += 1) {
      const readable = minute - logDelayMinutes;
      for (const item of inventory()) {
        await log(item, START_MS + readable * MINUTE_MS, logged(item, readable));
        countStage(item, minute - countDelayMinutes);
      }
      clock.nowMs = START_MS + (minute + 1) * MINUTE_MS + 20_000;
      const next = await checkSources();
      if (next.comparison !== null) report = next;
    }
    return report;
  }

  /** Lines that tell no stage. */
  const logUnidentified = (minute: number, count: number): Promise<void> =>
    log(UNKNOWN_STAGE, START_MS + minute * MINUTE_MS, count);

  /** The newest statement of each finding. */
  const newest = (): Finding[] => [...new Map(findings.map((finding) => [finding.id, finding])).values()];

  return { run, metrics, service, incidents, findings, newest, messages, clock, logUnidentified };
}
