import type { DispatchReport } from '#shared/application/dispatch-alerts.ts';
import { isWorthTelling } from '#shared/application/tell-failures.ts';

/** A dispatch in numbers. */
export type DispatchCounts = {
  /** Messages, edits and replies that receivers took. */
  readonly delivered: number;
  /** Messages that will never be taken, and receivers that have taken nothing for so long that somebody has to look. */
  readonly failed: number;
  /** Receivers that take nothing at the moment. */
  readonly putOff: number;
};

/** Counts what a dispatch did. A receiver that wants a short pause is no failure: what it is owed comes later. */
export function countDispatch(
  { delivered, refused, failing }: DispatchReport,
  nowMs: number,
): DispatchCounts {
  const downForLong = failing.filter(({ sinceMs }) => isWorthTelling(sinceMs, nowMs));
  return { delivered, failed: refused + downForLong.length, putOff: failing.length };
}
