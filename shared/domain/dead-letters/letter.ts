import type { PointerMessage } from '#shared/domain/dead-letters/pointer.ts';

/** A dead letter, as it can be told about: nothing of its content is in it. */
export type Letter =
  /** What Lambda could not get done: the event as it was, to be tried again. */
  | {
      readonly kind: 'batch';
      /** The function's name in AWS. */
      readonly functionName: string;
      /** The kind of error, as the function's runtime calls it. */
      readonly reason: string;
    }
  /** Where something is that can never be counted. It cannot be tried again. */
  | {
      readonly kind: 'pointer';
      readonly functionName: string;
      readonly reason: string;
      readonly pointer: PointerMessage;
    }
  /** A call that CloudWatch did not take for a day, to be tried again. */
  | { readonly kind: 'parked'; readonly functionName: string; readonly reason: 'not-taken' }
  /** Something else that somebody put there. */
  | { readonly kind: 'unknown'; readonly functionName: string; readonly reason: 'unknown' };
