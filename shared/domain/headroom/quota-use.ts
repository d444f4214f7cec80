import type { Severity } from '#shared/domain/detection/finding.ts';
import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/headroom-minute.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/minute-headroom.ts';

/** Levels of the used share of the quota. */
export const LEVELS = { info: 0.6, warning: 0.8, critical: 0.95, exhausted: 1 } as const;
/** How far the used share must fall below a level to count as clean, so that a wobble does not flap. */
export const HYSTERESIS = 0.05;

/** A single busy second counts one level less than a whole minute: the burst bucket is there to take it. */
export function severityOf({ usedRatio, peakUsedRatio }: MinuteHeadroom): Severity | null {
  if (usedRatio >= LEVELS.critical) return 'critical';
  if (usedRatio >= LEVELS.warning || peakUsedRatio >= LEVELS.critical) return 'warning';
  if (usedRatio >= LEVELS.info || peakUsedRatio >= LEVELS.warning) return 'info';
  return null;
}

/** The account's numbers of a minute, as every judgement about the account carries them. */
export function accountMeasures({
  account,
  quota,
}: HeadroomMinute): Pick<Judgement, 'latest' | 'sums' | 'peaks'> {
  return {
    latest: {
      demandRps: account.demandRps,
      usedRatio: account.usedRatio,
      quotaRps: quota.rateRps,
      ...(quota.rateSource !== undefined && { [`source:${quota.rateSource}`]: 1 }),
    },
    sums: {
      requests: account.requests,
      refused: account.throttled,
      predictedThrottles: account.predictedThrottles,
      secondsAtZero: account.secondsAtZero,
    },
    peaks: {
      demandRps: account.demandRps,
      usedRatio: account.usedRatio,
      peakRps: account.peakRps,
      peakUsedRatio: account.peakUsedRatio,
    },
  };
}

/** The minute used the whole quota, or the bucket ran dry. */
export function isExhausted({ account }: HeadroomMinute): boolean {
  return account.usedRatio >= LEVELS.exhausted || account.predictedThrottles >= 1;
}

/** So near to the quota that 429s may be the account's. */
export function isNearQuota({ account }: HeadroomMinute): boolean {
  return severityOf(account) !== null && (account.usedRatio >= LEVELS.warning || account.peakUsedRatio >= 1);
}

/** So far from the quota that 429s must come from elsewhere, such as the limit of a stage. */
export function isFarFromQuota({ account }: HeadroomMinute): boolean {
  return (
    account.usedRatio < LEVELS.warning - HYSTERESIS && account.peakUsedRatio < LEVELS.exhausted - HYSTERESIS
  );
}
