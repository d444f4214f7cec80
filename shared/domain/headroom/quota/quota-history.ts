import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { QuotaInForce } from '#shared/domain/headroom/quota/quota-in-force.ts';

const MINUTE_MS = 60_000;

/** One quota took the place of another. */
export type QuotaChange = {
  /** When it was noticed, epoch milliseconds; it happened since the reading before. */
  readonly atMs: number;
  readonly from: QuotaInForce;
  readonly to: QuotaInForce;
};

/** The quota of now, and how it came to be. */
export type QuotaStatus = QuotaInForce & {
  /** The changes of the last hours, oldest first. */
  readonly changes: readonly QuotaChange[];
};

/** The numbers that requests are judged by are not the same; who told them does not matter. */
export function isSameQuota(a: Quota, b: Quota): boolean {
  return a.rateRps === b.rateRps && a.burst === b.burst;
}

/** Start of the first minute that is judged by the new quota: the one in which the change was noticed. */
export function changedMinuteMs({ atMs }: QuotaChange): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}

/** A stretch of time under one quota, epoch milliseconds, the end exclusive. */
export type QuotaPeriod = { readonly quota: QuotaInForce; readonly fromMs: number; readonly toMs: number };

/** The stretches of all time, oldest first. Two changes in one minute leave an empty one between them. */
export function quotaPeriods(status: QuotaStatus): QuotaPeriod[] {
  let fromMs = Number.NEGATIVE_INFINITY;
  const past = status.changes.map((change) => {
    const toMs = changedMinuteMs(change);
    const period = { quota: change.from, fromMs, toMs };
    fromMs = toMs;
    return period;
  });
  return [...past, { quota: status, fromMs, toMs: Number.POSITIVE_INFINITY }];
}

/** The quota that a minute is judged by, whenever that is done. */
export function quotaAt(status: QuotaStatus, minuteMs: number): QuotaInForce {
  const change = status.changes.find((one) => minuteMs < changedMinuteMs(one));
  return change?.from ?? status;
}
