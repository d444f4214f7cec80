import type { PointerMessage } from '#shared/domain/dead-letters/pointer.ts';
import type { UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';

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
  /** A message that a receiver refused. It can be tried again, once the receiver takes it. */
  | {
      readonly kind: 'undeliverable';
      readonly functionName: string;
      readonly reason: string;
      readonly message: UndeliverableLetter;
    }
  /** A call that CloudWatch did not take for a day, to be tried again. */
  | { readonly kind: 'parked'; readonly functionName: string; readonly reason: 'not-taken' }
  /** Something else that somebody put there. */
  | { readonly kind: 'unknown'; readonly functionName: string; readonly reason: 'unknown' };

/** True for what can be tried again. */
export function canBeRedriven({ kind }: Letter): boolean {
  return kind === 'batch' || kind === 'parked' || kind === 'undeliverable';
}

/** True for what holds nothing that would be lost: a pointer, or the note that a message was refused. */
export function canBeDiscarded({ kind }: Letter): boolean {
  return kind === 'pointer' || kind === 'undeliverable';
}
