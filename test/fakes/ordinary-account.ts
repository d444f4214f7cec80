import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import { createCheckSources } from '#shared/application/check-sources.ts';
import { createDetectAnomalies } from '#shared/application/detect-anomalies.ts';
import type { MetricQuery, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { readIdleMinutes } from '#shared/application/read-idle-minutes.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import { createWatchEvaluation } from '#shared/application/watch-evaluation.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import { requestMetrics } from '#shared/domain/logging/request-metrics.ts';
import type { Dimensions } from '#shared/domain/metrics/metric-datum.ts';
import { createDispatcher } from '#test/fakes/dispatcher.ts';
import {
  createOrdinaryTraffic,
  ORDINARY_STAGES,
  type Ordinary,
  type OrdinaryStage,
  startOf,
} from '#test/fakes/ordinary-traffic.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';
import { createRandom } from '#test/fakes/random.ts';

const MINUTE_MS = 60_000;
/** Nothing but the account's own metrics is read further back than this. */
const KEPT_MS = 240 * MINUTE_MS;
/** Of a minute's lines, so many are not there yet when it is looked at first. */
const LATE_RATIO = 0.02;
/** API Gateway's own counts come later than logs. */
const COUNTED_AFTER_MS = 3 * MINUTE_MS;

function keyOf(name: string, dimensions: Dimensions | Readonly<Record<string, string>>): string {
  return JSON.stringify([name, ...Object.entries(dimensions)]);
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What ingest and API Gateway have counted, as CloudWatch would answer it. */
function createCounts(now: () => number) {
  const logged = new Map<string, Map<number, Float64Array>>();
  const counted = new Map<string, Map<number, number>>();
  function keep<T>(store: Map<string, Map<number, T>>, key: string, minuteMs: number, value: T): void {
    const series = store.get(key) ?? new Map<number, T>();
    store.set(key, series.set(minuteMs, value));
    series.delete(minuteMs - KEPT_MS);
  }
  const add = (name: string, dimensions: Dimensions, minuteMs: number, counts: Float64Array): void => {
    const known = logged.get(keyOf(name, dimensions))?.get(minuteMs);
    const sum = known === undefined ? counts : counts.map((count, second) => count + (known[second] ?? 0));
    keep(logged, keyOf(name, dimensions), minuteMs, sum);
  };
  const arrived = (minuteMs: number, count: number): number =>
    minuteMs + 3 * MINUTE_MS > now() ? Math.floor(count * (1 - LATE_RATIO)) : count;
  const answer = (minuteMs: number, counts: Float64Array, periodSeconds: number): [number, number][] =>
    periodSeconds === 60
      ? [[minuteMs, arrived(minuteMs, sumOf(counts))]]
      : [...counts.entries()]
          .filter(([, count]) => count > 0)
          .map(([second, count]) => [minuteMs + second * 1_000, arrived(minuteMs, count)]);
  const read = ({ name, dimensions, periodSeconds }: MetricQuery, { fromMs, toMs }: TimeRange) => {
    const series = logged.get(keyOf(name, dimensions)) ?? new Map<number, Float64Array>();
    const points: [number, number][] = [];
    for (let minuteMs = fromMs; minuteMs < toMs; minuteMs += MINUTE_MS) {
      const counts = series.get(minuteMs);
      if (counts !== undefined) points.push(...answer(minuteMs, counts, periodSeconds));
    }
    return new Map(points);
  };
  const readServiceCounts: ReadServiceCounts = async (metrics, { fromMs, toMs }) =>
    metrics.map(({ name, dimensions }) => {
      const all = [...(counted.get(keyOf(name, dimensions)) ?? [])];
      const untilMs = Math.min(toMs, now() - COUNTED_AFTER_MS);
      return new Map(all.filter(([minuteMs]) => minuteMs >= fromMs && minuteMs < untilMs));
    });
  const count = (
    name: string,
    dimensions: Readonly<Record<string, string>>,
    minuteMs: number,
    value: number,
  ) => keep(counted, keyOf(name, dimensions), minuteMs, value);
  return {
    add,
    count,
    read,
    readServiceCounts,
    isLogged: (name: string) => /^(Requ|Thr|Serv|Err)/.test(name),
  };
}

/** An account that is watched by all deployed evaluators, with the incidents that they open. */
export function createOrdinaryAccount(ordinary: Ordinary, quota: Quota, seed: number) {
  const random = createRandom(seed);
  const traffic = createOrdinaryTraffic(ordinary, random);
  const clock = { nowMs: 0 };
  const now = () => new Date(clock.nowMs);
  const counts = createCounts(() => clock.nowMs);
  const metrics = createMemoryMetrics();
  const readMetrics: ReadMetrics = async (queries, range) => {
    const kept = await metrics.readMetrics(queries, range);
    return queries.map((query, index) =>
      counts.isLogged(query.name) ? counts.read(query, range) : (kept[index] ?? new Map()),
    );
  };
  const { readServiceCounts } = counts;
  const account = { accountId: '123456789012', region: 'us-east-1' };
  const incidents = createMemoryIncidents();
  const dispatch = createDispatcher(incidents, now, () => {});
  const findings: Finding[] = [];
  const evaluations = createMemoryEvaluations();
  const settleSeconds = 60;
  const runEvaluation = createRunEvaluation({
    account,
    evaluations,
    readInventory: async () => ORDINARY_STAGES,
    publishEvents: async (events) => {
      for (const event of events) if (event.type === 'findings') findings.push(...event.findings);
      await dispatch(events);
    },
    now,
    settleSeconds,
  });
  const common = { account, readMetrics, readServiceCounts, runEvaluation };
  const checkHeadroom = createCheckHeadroom({
    assessHeadroom: createAssessHeadroom(common),
    readIdleMinutes: (stages, final) => readIdleMinutes(common, stages, final),
    readQuota: async () => createQuotaStatus(quota),
    publishMetricData: metrics.publishMetricData,
    runEvaluation,
  });
  const steps = [
    checkHeadroom,
    createCheckSources(common),
    createWatchEvaluation('check-headroom', { ...common, evaluations, now, settleSeconds }),
    createDetectAnomalies({ ...common, availabilityTargetRatio: 0.999 }),
    createWatchEvaluation('detect-anomalies', { ...common, evaluations, now, settleSeconds }),
  ];

  function countByLog({ item, perSecond, throttled, serverErrors }: OrdinaryStage, minuteMs: number): void {
    const stage = { ApiId: item.apiId, Stage: item.stage };
    counts.add('ServerErrorCount', stage, minuteMs, Float64Array.of(serverErrors));
    for (const dimensions of [{}, stage]) counts.add('RequestCount', dimensions, minuteMs, perSecond);
    if (sumOf(throttled) === 0) return;
    for (const dimensions of [{}, stage]) counts.add('ThrottledCount', dimensions, minuteMs, throttled);
    // Half of the lines do not name the level.
    const Cause = random() < 0.5 ? 'throttle.usage-plan' : 'throttle.unknown-level';
    counts.add('ErrorCount', { ...stage, Cause }, minuteMs, throttled);
  }

  function happen(minute: number): number {
    const minuteMs = startOf(minute);
    let requests = 0;
    for (const stage of traffic(minute)) {
      const [metric] = requestMetrics(stage.item);
      const total = sumOf(stage.perSecond);
      requests += total;
      if (metric !== undefined && total > 0) counts.count(metric.name, metric.dimensions, minuteMs, total);
      if (stage.item.logGroup !== null) countByLog(stage, minuteMs);
    }
    return requests / 60;
  }

  /** @returns What each minute asked of the account, requests per second */
  async function live(fromMinute: number, toMinute: number): Promise<number[]> {
    const demandRps: number[] = [];
    for (let minute = fromMinute; minute < toMinute; minute += 1) {
      demandRps.push(happen(minute));
      clock.nowMs = startOf(minute) + 2 * MINUTE_MS;
      for (const step of steps) await step();
    }
    return demandRps;
  }
  /** One finding for each time that something was told, as it was told last. */
  const occurrences = (): Finding[] => [
    ...new Map(findings.map((finding) => [`${finding.id} ${finding.startedAt}`, finding])).values(),
  ];
  return { live, occurrences, incidents };
}
