import type { Severity } from '#shared/domain/detection/finding.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';

/** Levels of the used share of the quota. */
export const LEVELS = { info: 0.6, warning: 0.8, critical: 0.95, exhausted: 1 } as const;
/**
 * How far the used share must fall below a level to count as clean: demand that wobbles by 4 % around any level does not
 * get below it, and so does not flap, however slowly it wobbles.
 */
export const HYSTERESIS = 0.08;

/** Refusals below this in a minute are noise: the throttle is best effort. */
export const MIN_REFUSED = 3;

/** A single busy second counts one level less than a whole minute: the burst bucket is there to take it. */
export function severityOf({
  usedRatio,
  peakUsedRatio,
}: Pick<MinuteHeadroom, 'usedRatio' | 'peakUsedRatio'>): Severity | null {
  if (usedRatio >= LEVELS.critical) return 'critical';
  if (usedRatio >= LEVELS.warning || peakUsedRatio >= LEVELS.critical) return 'warning';
  if (usedRatio >= LEVELS.info || peakUsedRatio >= LEVELS.warning) return 'info';
  return null;
}

/** 429s that nothing but the account throttle can have made, as far as it was looked into. */
export function accountThrottled({ throttled, refusedEarlier }: MinuteHeadroom): number {
  return throttled - refusedEarlier;
}

/** The minute's mean reached the quota. */
export function isQuotaUsedUp({ usedRatio }: Pick<MinuteHeadroom, 'usedRatio'>): boolean {
  return usedRatio >= LEVELS.exhausted;
}

/** The burst bucket ran empty, if only for a moment. */
export function isBurstUsedUp({ secondsAtZero, predictedThrottles }: MinuteHeadroom): boolean {
  return secondsAtZero >= 1 || predictedThrottles >= 1;
}

/** The throttle must have refused requests: for the whole minute, or in a burst. */
function isExhausted(minute: MinuteHeadroom): boolean {
  return isQuotaUsedUp(minute) || minute.predictedThrottles >= 1;
}

/** So near to the quota that 429s may be the account's. */
function isNearQuota({ usedRatio, peakUsedRatio, clippedSeconds }: MinuteHeadroom): boolean {
  return usedRatio >= LEVELS.warning || peakUsedRatio >= 1 || clippedSeconds > 0;
}

/** So far from the quota that 429s must come from elsewhere, such as the limit of a stage. */
export function isFarFromQuota({ usedRatio, peakUsedRatio }: MinuteHeadroom): boolean {
  return usedRatio < LEVELS.warning - HYSTERESIS && peakUsedRatio < LEVELS.exhausted - HYSTERESIS;
}

/** The quota is short, so that whoever takes much of it takes it from the others. */
export function isShort(minute: MinuteHeadroom): boolean {
  return isExhausted(minute) || isNearQuota(minute);
}

/**
 * Whether anything can be said of single stages. A minute in which the account has next to no 429s and is not near its
 * quota is clean for each of its stages by that alone.
 */
export function isTroubled(minute: MinuteHeadroom): boolean {
  return minute.throttled >= MIN_REFUSED || isShort(minute);
}
