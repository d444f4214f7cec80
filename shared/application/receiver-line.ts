import type { Now, Wait } from '#shared/application/ports.ts';
import type { OutboxState, PutOff, Receiver } from '#shared/application/receiver-ports.ts';

/** Of a receiver that nothing was sent to yet. */
export const FRESH_OUTBOX: OutboxState = {
  notBeforeMs: 0,
  failures: 0,
  failingSinceMs: null,
  reason: null,
};

/** A receiver that is down is asked again after a second, then two, and so on, up to this. */
const MAX_BACKOFF_MS = 60_000;

/** One dispatcher's turn of talking to a receiver: when the next call may be made, and how it stands with it. */
export type ReceiverLine = {
  /** Waits until a call may be made. @returns False if that is after the deadline */
  readonly awaitTurn: () => Promise<boolean>;
  /** Waits until a time, or until the deadline if that is sooner. */
  readonly waitUntil: (untilMs: number) => Promise<void>;
  readonly hasTime: () => boolean;
  readonly noteSent: () => void;
  readonly noteFailure: (failure: Pick<PutOff, 'reason' | 'retryAfterMs'>) => void;
  /** Nothing is owed any more: that the receiver did not take something is over, though it may still want a pause. */
  readonly noteNothingOwed: () => void;
  readonly state: () => OutboxState;
};

type Dependencies = {
  readonly receiver: Pick<Receiver, 'intervalMs'>;
  readonly before: OutboxState;
  readonly now: Now;
  readonly wait: Wait;
  readonly deadlineMs: number;
};

/** Keeps to the pace that a receiver wants, across dispatchers: the next one begins where this one stopped. */
export function createReceiverLine({ receiver, before, now, wait, deadlineMs }: Dependencies): ReceiverLine {
  let state = before;
  const nowMs = (): number => now().getTime();
  const waitUntil = async (untilMs: number): Promise<void> => {
    const waitMs = Math.min(untilMs, deadlineMs) - nowMs();
    if (waitMs > 0) await wait(waitMs);
  };
  return {
    hasTime: () => nowMs() < deadlineMs && state.notBeforeMs < deadlineMs,
    waitUntil,
    awaitTurn: async () => {
      if (state.notBeforeMs >= deadlineMs) return false;
      await waitUntil(state.notBeforeMs);
      if (nowMs() >= deadlineMs) return false;
      state = { ...state, notBeforeMs: nowMs() + receiver.intervalMs };
      return true;
    },
    noteSent: () => {
      // The pace counts from the answer: what was under way for long may have been taken late.
      const notBeforeMs = nowMs() + receiver.intervalMs;
      state = { notBeforeMs, failures: 0, failingSinceMs: null, reason: null };
    },
    noteFailure: ({ reason, retryAfterMs }) => {
      const backoffMs = Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** Math.min(state.failures, 6));
      state = {
        notBeforeMs: nowMs() + Math.max(receiver.intervalMs, retryAfterMs ?? backoffMs),
        failures: state.failures + 1,
        failingSinceMs: state.failingSinceMs ?? nowMs(),
        reason,
      };
    },
    noteNothingOwed: () => {
      state = { ...FRESH_OUTBOX, notBeforeMs: state.notBeforeMs };
    },
    state: () => state,
  };
}
