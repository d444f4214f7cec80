/** An invocation's wish to count an envelope, with what it would send. */
export type LedgerClaim = {
  readonly key: string;
  readonly requestId: string;
  readonly receivedAtMs: number;
  readonly planHash: string;
  /** When this attempt has surely ended; until then no other may begin, not even one of the same request. */
  readonly leaseUntilMs: number;
};

/** Events of an envelope that were not just counted, of all its attempts so far. */
export type EventTally = {
  /** Of sends whose answer was lost: an upper bound of what was counted twice. */
  readonly possiblyRepeatedEvents: number;
  /** Of data that became too old before it could be sent. */
  readonly tooOldEvents: number;
  /** Of data that CloudWatch refused as invalid. */
  readonly refusedEvents: number;
};

/** The tally of an envelope that was not begun. */
export const EMPTY_TALLY: EventTally = { possiblyRepeatedEvents: 0, tooOldEvents: 0, refusedEvents: 0 };

/**
 * `claimed`: nothing of the envelope was sent so far. `resumed`: an earlier attempt stopped; `mayHaveSent` says that its
 * last chunk is in doubt, `isParking` that it may be parked already.
 */
export type LedgerAnswer =
  | { readonly status: 'claimed' }
  | { readonly status: 'done' }
  | { readonly status: 'leased' }
  | ({
      readonly status: 'resumed';
      readonly receivedAtMs: number;
      readonly planHash: string;
      readonly chunksSent: number;
      readonly mayHaveSent: boolean;
      readonly isParking: boolean;
    } & EventTally);

/** How far an envelope got, from the attempt that holds it. `stopped`: nothing is in doubt, the next attempt goes on after `chunksSent`. */
export type LedgerProgress = Pick<LedgerClaim, 'key' | 'requestId' | 'leaseUntilMs'> &
  EventTally & {
    readonly chunksSent: number;
    /** `sending`: the chunk after `chunksSent` is on its way to CloudWatch, or with `isParking` to the queue. */
    readonly status: 'sending' | 'stopped' | 'done';
    /** The chunk after `chunksSent` may be in the queue, and must not be sent besides. */
    readonly isParking: boolean;
  };

/** Remembers which envelopes were counted, so that a repeated delivery is not. */
export type Ledger = {
  readonly claim: (claim: LedgerClaim) => Promise<LedgerAnswer>;
  /** @throws {Error} If another attempt has taken the envelope over */
  readonly record: (progress: LedgerProgress) => Promise<void>;
};
