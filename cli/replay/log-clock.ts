import type { Invocation } from '#shared/application/count-once.ts';

/** Only requests from `sinceMs` on and before `untilMs` are replayed. Epoch milliseconds. */
export type ReplayRange = { readonly sinceMs: number; readonly untilMs: number };

/** The log's own clock, which the code under replay takes for the time. */
export type LogClock = { nowMs: number };

/** CloudWatch Logs delivers a batch about this long after its newest event. */
const DELIVERY_MS = 60_000;
const INVOCATION_MS = 60_000;

/**
 * Sets the clock to when a batch is delivered.
 *
 * @param newestMs - Time of its newest event, epoch milliseconds
 * @returns The invocation that takes it
 */
export function invoke(clock: LogClock, newestMs: number, number: number): Invocation {
  clock.nowMs = Math.max(0, newestMs) + DELIVERY_MS;
  return { requestId: `replay-${number}`, deadlineMs: clock.nowMs + INVOCATION_MS };
}
