import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import {
  accountThrottled,
  HYSTERESIS,
  isBurstUsedUp,
  isQuotaUsedUp,
  LEVELS,
  MIN_REFUSED,
  severityOf,
} from '#shared/domain/headroom/demand/quota-use.ts';
import { accountMeasures } from '#shared/domain/headroom/judging/account-measures.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/judging/headroom-minute.ts';

/** A minute that leaves this share of the burst at its lowest did not come near to using it up. */
const QUIET_BURST_RATIO = 0.5;

function judgeLow(minute: HeadroomMinute): Judgement {
  const { account } = minute;
  const severity = severityOf(account);
  const justBelow = severityOf({
    usedRatio: account.usedRatio + HYSTERESIS,
    peakUsedRatio: account.peakUsedRatio + HYSTERESIS,
  });
  return {
    kind: 'headroom.low',
    scope: minute.accountScope,
    verdict: severity !== null ? 'breach' : justBelow === null ? 'clean' : 'borderline',
    severity: severity ?? 'info',
    keepsOpen: justBelow ?? 'info',
    ...accountMeasures(minute),
  };
}

function isFarFromUsedUp({ account }: HeadroomMinute): boolean {
  return account.usedRatio < LEVELS.exhausted - HYSTERESIS;
}

function judgeExhausted(minute: HeadroomMinute): Judgement {
  return {
    kind: 'headroom.exhausted',
    scope: minute.accountScope,
    verdict: isQuotaUsedUp(minute.account) ? 'breach' : isFarFromUsedUp(minute) ? 'clean' : 'borderline',
    severity: 'critical',
    ...accountMeasures(minute),
  };
}

/** An empty bucket is critical once it refuses: by the prediction, or by the account's 429s that were seen. */
function judgeBurst(minute: HeadroomMinute): Judgement {
  const { account, quota } = minute;
  const refuses = account.predictedThrottles >= MIN_REFUSED || accountThrottled(account) >= MIN_REFUSED;
  const clean = isFarFromUsedUp(minute) && account.tokensLeft >= QUIET_BURST_RATIO * quota.burst;
  return {
    kind: 'burst.exhausted',
    scope: minute.accountScope,
    verdict: isBurstUsedUp(account) ? 'breach' : clean ? 'clean' : 'borderline',
    severity: refuses ? 'critical' : 'warning',
    ...accountMeasures(minute),
  };
}

/** How much of the quota the minute used: of its rate, and of its burst. */
export function judgeQuotaUse(minute: HeadroomMinute): Judgement[] {
  return [judgeLow(minute), judgeExhausted(minute), judgeBurst(minute)];
}
