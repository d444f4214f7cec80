import type { AssessHeadroom } from '#shared/application/assess-headroom.ts';
import type { PublishMetricData, ReadQuota } from '#shared/application/ports.ts';
import {
  type EvaluationOutcome,
  type Evaluator,
  LATE_METRICS_MINUTES,
} from '#shared/application/run-evaluation.ts';
import { accountMetrics } from '#shared/domain/headroom/account-metrics.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/minute-headroom.ts';
import { type QuotaStatus, quotaAt } from '#shared/domain/headroom/quota-history.ts';

type Dependencies = {
  readonly assessHeadroom: AssessHeadroom;
  readonly readQuota: ReadQuota;
  readonly publishMetricData: PublishMetricData;
  readonly runEvaluation: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
};

/** What one run found. */
export type HeadroomReport = {
  readonly outcome: EvaluationOutcome;
  readonly quota: QuotaStatus;
  /** The minutes that were judged for the first time, for those who draw them. */
  readonly minutes: readonly MinuteHeadroom[];
};

async function publishMinutes(
  publishMetricData: PublishMetricData,
  minutes: readonly MinuteHeadroom[],
  quota: QuotaStatus,
): Promise<void> {
  const data = minutes.flatMap((minute) => accountMetrics(minute, quotaAt(quota, minute.minuteMs)));
  const answer = data.length === 0 ? 'accepted' : await publishMetricData(data);
  if (answer === 'not-counted' || answer === 'refused') {
    throw new Error(
      `CloudWatch did not take the account metrics (${answer}); they are missing for this minute`,
    );
  }
}

/** Evaluates the account's requests per second against the throttle that all its APIs share. */
export function createCheckHeadroom({
  assessHeadroom,
  readQuota,
  publishMetricData,
  runEvaluation,
}: Dependencies) {
  return async (): Promise<HeadroomReport> => {
    const quota = await readQuota();
    let assessed: readonly MinuteHeadroom[] = [];
    const outcome = await runEvaluation({
      name: 'check-headroom',
      periodMinutes: 1,
      rereadMinutes: LATE_METRICS_MINUTES,
      judge: async (range, inventory) => {
        const { minutes, judged } = await assessHeadroom(range, inventory, quota);
        assessed = minutes;
        return judged;
      },
    });
    if (outcome.status !== 'evaluated') return { outcome, quota, minutes: [] };
    const { fromMs, toMs } = outcome.fresh;
    const minutes = assessed.filter(({ minuteMs }) => minuteMs >= fromMs && minuteMs < toMs);
    await publishMinutes(publishMetricData, minutes, quota);
    return { outcome, quota, minutes };
  };
}
