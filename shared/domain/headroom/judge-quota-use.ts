import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/headroom-minute.ts';
import {
  accountMeasures,
  HYSTERESIS,
  isExhausted,
  LEVELS,
  severityOf,
} from '#shared/domain/headroom/quota-use.ts';

function judgeLow(minute: HeadroomMinute): Judgement {
  const { account } = minute;
  const severity = severityOf(account);
  const clean =
    account.usedRatio < LEVELS.info - HYSTERESIS && account.peakUsedRatio < LEVELS.warning - HYSTERESIS;
  return {
    kind: 'headroom.low',
    scope: minute.accountScope,
    verdict: severity !== null ? 'breach' : clean ? 'clean' : 'borderline',
    severity: severity ?? 'info',
    ...accountMeasures(minute),
  };
}

function judgeExhausted(minute: HeadroomMinute): Judgement {
  const clean = !isExhausted(minute.account) && minute.account.usedRatio < LEVELS.exhausted - HYSTERESIS;
  return {
    kind: 'headroom.exhausted',
    scope: minute.accountScope,
    verdict: isExhausted(minute.account) ? 'breach' : clean ? 'clean' : 'borderline',
    severity: 'critical',
    ...accountMeasures(minute),
  };
}

/** How much of the quota the minute used. */
export function judgeQuotaUse(minute: HeadroomMinute): Judgement[] {
  return [judgeLow(minute), judgeExhausted(minute)];
}
