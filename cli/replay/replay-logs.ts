import type { EventSource } from '#cli/input/source-event.ts';
import { createFindingLog, evaluateMinutes, SETTLE_SECONDS } from '#cli/replay/evaluate-minutes.ts';
import { ingestSources } from '#cli/replay/ingest-sources.ts';
import type { IngestSummary } from '#cli/replay/ingest-summary.ts';
import type { LogClock, ReplayRange } from '#cli/replay/log-clock.ts';
import { completeInventory, failureMinutes } from '#cli/replay/logged-stages.ts';
import { createMessageLog } from '#cli/replay/message-log.ts';
import { createReplayDispatch } from '#cli/replay/replay-dispatch.ts';
import type { ReplayReport } from '#cli/replay/report.ts';
import { causesOf, stageReports } from '#cli/replay/stage-reports.ts';
import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryKeepPointer } from '#shared/adapters/memory-keep-pointer.ts';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { createMemoryMetrics, type MemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { createMemoryParkChunk } from '#shared/adapters/memory-park-chunk.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import { createDetectAnomalies } from '#shared/application/detect-anomalies.ts';
import { createIngestAccessLogs } from '#shared/application/ingest-access-logs.ts';
import { createIngestExecutionLogs } from '#shared/application/ingest-execution-logs.ts';
import type { Account, PublishAlertEvents } from '#shared/application/ports.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { QuotaInForce } from '#shared/domain/headroom/quota/quota-in-force.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** What to replay, and as which account. */
export type ReplayOptions = {
  readonly sources: readonly EventSource[];
  readonly inventory: readonly InventoryItem[];
  readonly quota: QuotaInForce;
  readonly account: Account;
  readonly range: ReplayRange;
  readonly availabilityTargetRatio: number;
  readonly progress: {
    readonly onRead: (size: number) => void;
    /** Called once, with the number of minutes that will be judged at most. */
    readonly onEvaluate: (minutes: number) => void;
    readonly onMinute: () => void;
  };
};

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

function headroomOf(minutes: readonly MinuteHeadroom[], quota: Quota): ReplayReport['headroom'] {
  const peak = minutes.reduce<MinuteHeadroom | null>(
    (busiest, minute) => (busiest === null || minute.peakRps > busiest.peakRps ? minute : busiest),
    null,
  );
  return {
    quotaRps: quota.rateRps,
    quotaBurst: quota.burst,
    peakRps: peak?.peakRps ?? 0,
    peakAt: peak === null ? null : toIso(peak.peakAtMs),
    utilisation: (peak?.peakRps ?? 0) / quota.rateRps,
    series: minutes.map(({ minuteMs, peakAtMs, ...minute }) => ({
      at: toIso(minuteMs),
      peakAt: toIso(peakAtMs),
      ...minute,
    })),
  };
}

function rangeOf(minutes: readonly number[]): ReplayReport['range'] {
  const [first] = minutes;
  const last = minutes.at(-1);
  return first === undefined || last === undefined ? null : { from: toIso(first), to: toIso(last + 60_000) };
}

/** The log group that all lines come from, where the inventory leaves no choice. */
function onlyLogGroup(inventory: readonly InventoryItem[]): string | null {
  return inventory.length === 1 ? (inventory[0]?.logGroup ?? null) : null;
}

type Clocked = { readonly clock: LogClock; readonly now: () => Date; readonly metrics: MemoryMetrics };

/** Of a stack that does not exist: what somebody replays is never refused for its name. */
const OWN_LOG_GROUP_PREFIX = '/aws/lambda/gatewatch-replay-';

function ingestAll(options: ReplayOptions, { clock, now, metrics }: Clocked): Promise<IngestSummary> {
  const { sources, account, inventory, range, progress } = options;
  const dependencies = {
    accountId: account.accountId,
    decodePayload,
    ledger: createMemoryLedger(now),
    publishMetricData: metrics.publishMetricData,
    // The memory takes everything, and every answer of it comes.
    recordDoubt: () => {},
    ...createMemoryParkChunk(),
    ...createMemoryKeepPointer(),
    ownLogGroupPrefix: OWN_LOG_GROUP_PREFIX,
    now,
    wait: async () => {},
  };
  return ingestSources(sources, {
    ingest: createIngestAccessLogs({ ...dependencies, readInventory: async () => inventory }),
    ingestExecution: createIngestExecutionLogs(dependencies),
    clock,
    accountId: account.accountId,
    logGroup: onlyLogGroup(inventory),
    range,
    onRead: progress.onRead,
  });
}

type Evaluation = {
  readonly busyMinutes: readonly number[];
  readonly inventory: readonly InventoryItem[];
  readonly publishEvents: PublishAlertEvents;
};

function evaluateAll(
  { account, quota, availabilityTargetRatio, progress }: ReplayOptions,
  { clock, now, metrics }: Clocked,
  { busyMinutes, inventory, publishEvents }: Evaluation,
): Promise<MinuteHeadroom[]> {
  const { readMetrics, publishMetricData } = metrics;
  const runEvaluation = createRunEvaluation({
    account,
    evaluations: createMemoryEvaluations(),
    readInventory: async () => inventory,
    publishEvents,
    now,
    settleSeconds: SETTLE_SECONDS,
  });
  return evaluateMinutes(busyMinutes, {
    clock,
    checkHeadroom: createCheckHeadroom({
      assessHeadroom: createAssessHeadroom({ account, readMetrics }),
      readQuota: async () => ({ ...quota, changes: [] }),
      publishMetricData,
      runEvaluation,
    }),
    detectAnomalies: createDetectAnomalies({ account, readMetrics, runEvaluation, availabilityTargetRatio }),
    onMinute: progress.onMinute,
  });
}

/**
 * Replays logs through the code that the Lambdas run, with everything else in memory: first all lines are counted,
 * as they were when they arrived; then the evaluators run once for every minute, and see nothing of the later ones.
 */
export async function replayLogs(options: ReplayOptions): Promise<ReplayReport> {
  const { quota, progress } = options;
  const clock: LogClock = { nowMs: 0 };
  const now = (): Date => new Date(clock.nowMs);
  const metrics = createMemoryMetrics();
  const clocked = { clock, now, metrics };
  const { requests, unidentified, statuses, bodies, ...input } = await ingestAll(options, clocked);

  const inventory = completeInventory(options.inventory, metrics, bodies);
  const requestMinutes = metrics.minutes('RequestCount', {});
  const busyMinutes = requestMinutes.length > 0 ? requestMinutes : failureMinutes(metrics);
  const messages = createMessageLog(clock);
  const incidents = createMemoryIncidents();
  const findings = createFindingLog();
  const dispatch = createReplayDispatch({
    account: options.account,
    incidents,
    receiver: messages.receiver,
    now,
  });
  const publishEvents: PublishAlertEvents = async (events) => {
    findings.add(events);
    await dispatch(events);
  };
  progress.onEvaluate(busyMinutes.length);
  const minutes = await evaluateAll(options, clocked, { busyMinutes, inventory, publishEvents });
  return {
    schemaVersion: 1,
    input,
    range: rangeOf(requestMinutes),
    requests: {
      total: requests,
      unidentified,
      byStatus: Object.fromEntries([...statuses].sort(([a], [b]) => a - b)),
      byCause: causesOf(metrics, () => true),
    },
    stages: stageReports(metrics, inventory, bodies),
    headroom: headroomOf(minutes, quota),
    findings: findings.list(),
    incidents: incidents.listAll(),
    messages: messages.list(),
  };
}
