import type {
  Account,
  MetricSeries,
  PublishMetricData,
  ReadMetrics,
  ReadQuota,
  TimeRange,
} from '#shared/application/ports.ts';
import { MINUTE_MS, readStageMetrics } from '#shared/application/read-stage-metrics.ts';
import {
  type EvaluationOutcome,
  type Evaluator,
  LATE_METRICS_MINUTES,
} from '#shared/application/run-evaluation.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import { median } from '#shared/domain/detection/statistics.ts';
import { judgeHeadroom, type StageMinuteDemand } from '#shared/domain/headroom/judge-headroom.ts';
import {
  type AccountSeconds,
  evaluateMinutes,
  type MinuteHeadroom,
} from '#shared/domain/headroom/minute-headroom.ts';
import type { Quota } from '#shared/domain/headroom/quota.ts';
import type { InventoryItem, StageId } from '#shared/domain/inventory/stage.ts';
import type { MetricDatum, MetricName, MetricUnit } from '#shared/domain/metrics/metric-datum.ts';

/** The bucket refills within burst ÷ rate, half a second by default; two minutes forget any start. */
const BUCKET_WARM_UP_MS = 2 * MINUTE_MS;

/** A stage's usual rate is the median of an hour, without the newest minutes, which may be the incident. */
const BASELINE_MINUTES = 60;
const BASELINE_GAP_MINUTES = 5;
const BASELINE_MS = (BASELINE_MINUTES + BASELINE_GAP_MINUTES) * MINUTE_MS;

type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  readonly readQuota: ReadQuota;
  readonly publishMetricData: PublishMetricData;
  readonly runEvaluation: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
};

/** What one run found. */
export type HeadroomReport = {
  readonly outcome: EvaluationOutcome;
  readonly quota: Quota;
  /** The minutes that were judged for the first time, for those who draw them. */
  readonly minutes: readonly MinuteHeadroom[];
};

type StageHistory = {
  readonly id: StageId;
  readonly scope: StageMinuteDemand['scope'];
  readonly requests: MetricSeries;
  readonly throttled: MetricSeries;
};

function perSecond(series: MetricSeries | undefined, { fromMs, toMs }: TimeRange): number[] {
  const values: number[] = [];
  for (let second = fromMs; second < toMs; second += 1_000) values.push(series?.get(second) ?? 0);
  return values;
}

function usualRps(requests: MetricSeries, minuteMs: number): number {
  const newestMs = minuteMs - BASELINE_GAP_MINUTES * MINUTE_MS;
  const perMinute: number[] = [];
  for (let minute = newestMs - BASELINE_MINUTES * MINUTE_MS; minute < newestMs; minute += MINUTE_MS) {
    perMinute.push(requests.get(minute) ?? 0);
  }
  return (median(perMinute) ?? 0) / 60;
}

function stageInMinute(
  { id, scope, requests, throttled }: StageHistory,
  minuteMs: number,
): StageMinuteDemand {
  const count = requests.get(minuteMs) ?? 0;
  return {
    id,
    scope,
    requests: count,
    throttled: throttled.get(minuteMs) ?? 0,
    nowRps: count / 60,
    // Asked for only while the account is in trouble, which is rarely.
    get usualRps() {
      return usualRps(requests, minuteMs);
    },
  };
}

function accountDatum(name: MetricName, unit: MetricUnit, timestampMs: number, value: number): MetricDatum {
  return { name, dimensions: {}, timestampMs, unit, resolutionSeconds: 60, values: [value], counts: [1] };
}

/** The account's minute as metrics, so that a plain CloudWatch alarm can be put on each. */
function accountMetrics(minute: MinuteHeadroom, quota: Quota): MetricDatum[] {
  const { minuteMs } = minute;
  return [
    accountDatum('AccountDemandRps', 'Count/Second', minuteMs, minute.demandRps),
    accountDatum('AccountRpsPeak', 'Count/Second', minuteMs, minute.peakRps),
    accountDatum('AccountQuotaRps', 'Count/Second', minuteMs, quota.rateRps),
    accountDatum('AccountUtilization', 'Percent', minuteMs, minute.usedRatio * 100),
    accountDatum('BurstTokensLeft', 'Count', minuteMs, minute.tokensLeft),
    accountDatum('PredictedThrottles', 'Count', minuteMs, minute.predictedThrottles),
  ];
}

function isWithin({ minuteMs }: { readonly minuteMs: number }, { fromMs, toMs }: TimeRange): boolean {
  return minuteMs >= fromMs && minuteMs < toMs;
}

async function readAccount(readMetrics: ReadMetrics, range: TimeRange): Promise<AccountSeconds> {
  const series = { dimensions: {}, statistic: 'Sum', periodSeconds: 1 } as const;
  const [requests, throttled] = await readMetrics(
    [
      { name: 'RequestCount', ...series },
      { name: 'ThrottledCount', ...series },
    ],
    range,
  );
  return {
    startMs: range.fromMs,
    requests: perSecond(requests, range),
    throttled: perSecond(throttled, range),
  };
}

async function readStages(
  { account, readMetrics }: Dependencies,
  inventory: readonly InventoryItem[],
  range: TimeRange,
): Promise<StageHistory[]> {
  const stages = await readStageMetrics(
    readMetrics,
    inventory,
    [
      { name: 'RequestCount', statistic: 'Sum' },
      { name: 'ThrottledCount', statistic: 'Sum' },
    ],
    range,
  );
  return inventory.map(({ apiId, apiName, stage }, index) => {
    const [requests = new Map(), throttled = new Map()] = stages[index] ?? [];
    return { id: { apiId, stage }, scope: { ...account, apiId, apiName, stage }, requests, throttled };
  });
}

type JudgedHeadroom = { readonly minutes: readonly MinuteHeadroom[]; readonly judged: JudgedMinute[] };

async function judgeRange(
  dependencies: Dependencies,
  quota: Quota,
  range: TimeRange,
  inventory: readonly InventoryItem[],
): Promise<JudgedHeadroom> {
  const { account, readMetrics } = dependencies;
  const [seconds, stages] = await Promise.all([
    readAccount(readMetrics, { ...range, fromMs: range.fromMs - BUCKET_WARM_UP_MS }),
    readStages(dependencies, inventory, { ...range, fromMs: range.fromMs - BASELINE_MS }),
  ]);
  const minutes = evaluateMinutes(seconds, quota).filter((minute) => isWithin(minute, range));
  const judged = minutes.map((minute) => ({
    minuteMs: minute.minuteMs,
    judgements: judgeHeadroom({
      account: minute,
      stages: stages.map((stage) => stageInMinute(stage, minute.minuteMs)),
      quota,
      accountScope: account,
    }),
  }));
  return { minutes, judged };
}

/** Evaluates the account's requests per second against the throttle that all its APIs share. */
export function createCheckHeadroom(dependencies: Dependencies) {
  const { readQuota, publishMetricData, runEvaluation } = dependencies;
  return async (): Promise<HeadroomReport> => {
    const quota = await readQuota();
    let evaluated: readonly MinuteHeadroom[] = [];
    const outcome = await runEvaluation({
      name: 'check-headroom',
      periodMinutes: 1,
      rereadMinutes: LATE_METRICS_MINUTES,
      judge: async (range, inventory) => {
        const { minutes, judged } = await judgeRange(dependencies, quota, range, inventory);
        evaluated = minutes;
        return judged;
      },
    });
    if (outcome.status !== 'evaluated') return { outcome, quota, minutes: [] };
    const minutes = evaluated.filter((minute) => isWithin(minute, outcome.fresh));
    const data = minutes.flatMap((minute) => accountMetrics(minute, quota));
    if (data.length > 0 && (await publishMetricData(data)) === 'not-counted') {
      throw new Error('CloudWatch did not take the account metrics; they are missing for this minute');
    }
    return { outcome, quota, minutes };
  };
}
