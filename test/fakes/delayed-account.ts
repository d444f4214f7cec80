import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import type { BusEvent, PublishMetricData } from '#shared/application/ports.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';
import type { MetricDatum, MetricName } from '#shared/domain/metrics/metric-datum.ts';
import { createDispatcher } from '#test/fakes/dispatcher.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';
import type { playScenario } from '#test/fakes/replayed-scenario.ts';

const MINUTE_MS = 60_000;
const SETTLE_SECONDS = 60;
/** After the log: what is late has come, and no run judges its minutes any more. */
const MINUTES_AFTER = 20;

type Played = ReturnType<typeof playScenario>;

/** How the data comes, and how the evaluator is run. */
export type Delays = {
  /** How many minutes later the data of an API comes than it could. */
  readonly lateMinutes: (apiName: string) => number;
  /** Lets the runs that are due after a minute take place; `run` is one run of the Lambda. */
  readonly runAfter: (minute: number, run: () => Promise<void>) => Promise<void>;
};

type StageSecond = {
  apiId: string;
  stage: string;
  apiName: string;
  timeMs: number;
  asked: number;
  refused: number;
};

function perSecond({ requests }: Played): StageSecond[] {
  const seconds = new Map<string, StageSecond>();
  for (const { stage, timeMs, outcome } of requests) {
    const { apiId, apiName, stage: stageName } = stage.item;
    const secondMs = timeMs - (timeMs % 1_000);
    const key = `${stageKey(stage.item)} ${secondMs}`;
    const known = seconds.get(key) ?? {
      apiId,
      apiName,
      stage: stageName,
      timeMs: secondMs,
      asked: 0,
      refused: 0,
    };
    known.asked += 1;
    if (outcome === 'throttled' || outcome === 'over-plan') known.refused += 1;
    seconds.set(key, known);
  }
  return [...seconds.values()];
}

/** What `ingest-access-logs` makes of a second of a stage. */
function dataOf({ apiId, stage, timeMs, asked, refused }: StageSecond): MetricDatum[] {
  const ofStage = { ApiId: apiId, Stage: stage };
  const datum = (
    name: MetricName,
    dimensions: Record<string, string>,
    value: number,
    resolutionSeconds: 1 | 60 = 1,
  ): MetricDatum => {
    const timestampMs = resolutionSeconds === 60 ? timeMs - (timeMs % MINUTE_MS) : timeMs;
    return { name, dimensions, timestampMs, unit: 'Count', resolutionSeconds, values: [value], counts: [1] };
  };
  const requests = [datum('RequestCount', {}, asked), datum('RequestCount', ofStage, asked)];
  if (refused === 0) return requests;
  return [
    ...requests,
    datum('ThrottledCount', {}, refused),
    datum('ThrottledCount', ofStage, refused),
    datum('ErrorCount', { ...ofStage, Cause: 'throttle.unknown-level' }, refused, 60),
  ];
}

/** What depends on when somebody looked, and not on what happened. */
function settled({ dataDelaySeconds: _, observedAt: __, ...finding }: Finding) {
  return finding;
}

/**
 * Plays a scenario against the code of `check-headroom` and `dispatch-alerts`, with memory for everything around it.
 *
 * @returns What is there in the end: the account metrics as they are to be read, the findings in their newest state, and
 * the incidents with how often each was announced
 */
export async function playDelayed(played: Played, { lateMinutes, runAfter }: Delays) {
  const { scenario } = played;
  const { accountId, region, startMs, durationMs, quota, stages } = scenario;
  const clock = { nowMs: startMs };
  const now = (): Date => new Date(clock.nowMs);
  const metrics = createMemoryMetrics();
  const evaluations = createMemoryEvaluations();
  const incidents = createMemoryIncidents();
  const announced: string[] = [];
  const findings = new Map<string, Finding>();
  const published = new Map<string, number>();

  const publishMetricData: PublishMetricData = async (data) => {
    for (const { name, timestampMs, values } of data) {
      const key = `${name} ${new Date(timestampMs).toISOString()}`;
      const choose = name === 'BurstTokensLeft' ? Math.min : Math.max;
      published.set(key, choose(...values, ...(published.has(key) ? [published.get(key) ?? 0] : [])));
    }
    return metrics.publishMetricData(data);
  };
  const dispatch = createDispatcher(incidents, now, ({ announcement }) => announced.push(announcement));
  /** A run that holds a finding no longer open, and does not clear it, takes it back. */
  const note = (event: BusEvent): void => {
    if (event.type === 'findings') {
      for (const finding of event.findings) findings.set(finding.id, finding);
      return;
    }
    for (const { id, status } of [...findings.values()]) {
      if (status === 'open' && !event.completed.openFindingIds.includes(id)) findings.delete(id);
    }
  };
  const account = { accountId, region };
  const run = async (): Promise<void> => {
    // Each invocation may find a new process.
    const checkHeadroom = createCheckHeadroom({
      assessHeadroom: createAssessHeadroom({ account, readMetrics: metrics.readMetrics }),
      readQuota: async () => createQuotaStatus(quota),
      publishMetricData,
      runEvaluation: createRunEvaluation({
        account,
        evaluations,
        readInventory: async () => stages.map(({ item }) => item),
        publishEvents: async (events) => {
          for (const event of events) note(event);
          await dispatch(events);
        },
        now,
        settleSeconds: SETTLE_SECONDS,
      }),
    });
    await checkHeadroom();
  };

  const seconds = perSecond(played).map((second) => ({
    data: dataOf(second),
    arrivalMinute: Math.floor((second.timeMs - startMs) / MINUTE_MS) + lateMinutes(second.apiName),
  }));
  for (let minute = 0; minute < durationMs / MINUTE_MS + MINUTES_AFTER; minute += 1) {
    clock.nowMs = startMs + (minute + 1) * MINUTE_MS + SETTLE_SECONDS * 1_000;
    const arrived = seconds.filter(({ arrivalMinute }) => arrivalMinute === minute);
    await metrics.publishMetricData(arrived.flatMap(({ data }) => data));
    await runAfter(minute, run);
  }
  return {
    metrics: Object.fromEntries([...published].sort(([a], [b]) => (a < b ? -1 : 1))),
    findings: [...findings.values()].map(settled).sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    incidents: incidents.listAll().map(({ story, severity, status, openedAt, findings: of }) => ({
      story,
      severity,
      status,
      openedAt,
      findings: of.map(({ kind, scope }) => `${kind} ${scope.apiName ?? ''}`).sort(),
    })),
    announced,
  };
}
