import type { AssessHeadroom } from '#shared/application/assess-headroom.ts';
import type { PublishMetricData, ReadQuota, TimeRange } from '#shared/application/ports.ts';
import {
  type EvaluationOutcome,
  type Evaluator,
  LATE_METRICS_MINUTES,
} from '#shared/application/run-evaluation.ts';
import { accountMetrics, idleMinute } from '#shared/domain/headroom/demand/account-metrics.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { type QuotaStatus, quotaAt } from '#shared/domain/headroom/quota/quota-history.ts';
import { type InventoryItem, isKnownStage } from '#shared/domain/inventory/stage.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';

/** Tells the minutes of a range in which nobody asked for anything. */
type ReadIdleMinutes = (stages: readonly InventoryItem[], final: TimeRange) => Promise<readonly number[]>;

type Dependencies = {
  readonly assessHeadroom: AssessHeadroom;
  readonly readQuota: ReadQuota;
  readonly publishMetricData: PublishMetricData;
  readonly runEvaluation: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
  /** Absent where nobody can tell silence from missing logs: then no zero is published. */
  readonly readIdleMinutes?: ReadIdleMinutes;
};

/** What one run found. */
export type HeadroomReport = {
  readonly outcome: EvaluationOutcome;
  readonly quota: QuotaStatus;
  /** The minutes that were judged for the first time, for those who draw them. */
  readonly minutes: readonly MinuteHeadroom[];
};

/** One call's worth: a long catch-up has up to 165 minutes of six data each. */
const MAX_DATA_PER_CALL = 1_000;

async function publish(publishMetricData: PublishMetricData, data: readonly MetricDatum[]): Promise<void> {
  for (let start = 0; start < data.length; start += MAX_DATA_PER_CALL) {
    const answer = await publishMetricData(data.slice(start, start + MAX_DATA_PER_CALL));
    if (answer === 'not-counted' || answer === 'refused') {
      throw new Error(
        `CloudWatch did not take the account metrics (${answer}); they are missing for this minute`,
      );
    }
  }
}

function within({ fromMs, toMs }: TimeRange): (minute: { readonly minuteMs: number }) => boolean {
  return ({ minuteMs }) => minuteMs >= fromMs && minuteMs < toMs;
}

/** Evaluates the account's requests per second against the throttle that all its APIs share. */
export function createCheckHeadroom({
  assessHeadroom,
  readQuota,
  publishMetricData,
  runEvaluation,
  readIdleMinutes = async () => [],
}: Dependencies) {
  return async (): Promise<HeadroomReport> => {
    const quota = await readQuota();
    let assessed: readonly MinuteHeadroom[] = [];
    let stages: readonly InventoryItem[] = [];
    const outcome = await runEvaluation({
      name: 'check-headroom',
      periodMinutes: 1,
      rereadMinutes: LATE_METRICS_MINUTES,
      judge: async (range, inventory) => {
        const { minutes, judged } = await assessHeadroom(range, inventory, quota);
        assessed = minutes;
        stages = inventory.filter(isKnownStage);
        return judged;
      },
    });
    if (outcome.status !== 'evaluated') return { outcome, quota, minutes: [] };
    const [isFresh, isFinal] = [within(outcome.fresh), within(outcome.final)];
    // Once when it is new, and once more with all that came late.
    const told = assessed.filter((minute) => isFresh(minute) || isFinal(minute));
    await publish(
      publishMetricData,
      told.flatMap((minute) => accountMetrics(minute, quotaAt(quota, minute.minuteMs))),
    );
    const idle = await readIdleMinutes(stages, outcome.final);
    await publish(
      publishMetricData,
      idle.flatMap((minuteMs) => {
        const inForce = quotaAt(quota, minuteMs);
        return accountMetrics(idleMinute(minuteMs, inForce), inForce);
      }),
    );
    return { outcome, quota, minutes: assessed.filter(isFresh) };
  };
}
