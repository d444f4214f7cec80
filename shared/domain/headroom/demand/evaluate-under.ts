import { type BucketEvidence, bucketEvidence } from '#shared/domain/headroom/demand/bucket-evidence.ts';
import {
  type AccountSeconds,
  evaluateMinutes,
  type MinuteHeadroom,
} from '#shared/domain/headroom/demand/minute-headroom.ts';
import {
  type QuotaPeriod,
  type QuotaStatus,
  quotaPeriods,
} from '#shared/domain/headroom/quota/quota-history.ts';

/** The stretches under one quota that the seconds of the account touch. */
function periodsOf(quota: QuotaStatus, { startMs, requests }: AccountSeconds): QuotaPeriod[] {
  const endMs = startMs + requests.length * 1_000;
  return quotaPeriods(quota).filter(({ fromMs, toMs }) => fromMs < endMs && toMs > startMs);
}

/** Evaluates each minute under the quota of its time. */
export function evaluateUnder(quota: QuotaStatus, account: AccountSeconds): MinuteHeadroom[] {
  return periodsOf(quota, account).flatMap((period) =>
    evaluateMinutes(account, period.quota).filter(
      ({ minuteMs }) => minuteMs >= period.fromMs && minuteMs < period.toMs,
    ),
  );
}

/** What the bucket of its time says of each second. */
export function bucketEvidenceUnder(quota: QuotaStatus, account: AccountSeconds): BucketEvidence[] {
  return periodsOf(quota, account).flatMap((period) =>
    bucketEvidence(account, period.quota).filter((_, second) => {
      const secondMs = account.startMs + second * 1_000;
      return secondMs >= period.fromMs && secondMs < period.toMs;
    }),
  );
}
