import type { Pointer } from '#shared/domain/dead-letters/pointer.ts';
import type { ParkedChunk } from '#shared/domain/metrics/parked-chunk.ts';

/**
 * Puts a call off into a queue; maybe twice, so whoever takes it out goes by its key and index.
 *
 * @returns False if it is too large for the queue, which then does not have it
 * @throws {Error} If nobody knows whether the queue has it
 */
export type ParkChunk = (chunk: ParkedChunk) => Promise<boolean>;

/** Keeps a pointer to what can never be counted; maybe twice. @throws {Error} If nobody knows whether it is kept */
export type KeepPointer = (pointer: Pointer) => Promise<void>;

/** Reads what {@link ParkChunk} put into the queue; `null` for anything else. */
export type DecodeParkedChunk = (body: string) => ParkedChunk | null;

/** A message of a queue, as it was received: hidden from others until it is released, removed, or its time is over. */
export type ReceivedLetter = {
  readonly id: string;
  /** Names this receiving of it. */
  readonly receipt: string;
  readonly body: string;
  /** When it was put into the queue, epoch milliseconds. */
  readonly sentAtMs: number;
};

/** A queue whose messages a person looks through. */
export type LetterQueue = {
  /** Some of the messages that nobody holds, at most ten; none if there are no more. They are hidden for two minutes. */
  readonly receive: () => Promise<readonly ReceivedLetter[]>;
  /** Lets others see a message again at once; that it is gone is fine. */
  readonly release: (letter: ReceivedLetter) => Promise<void>;
  /** Deletes a message; that it is gone is fine. */
  readonly remove: (letter: ReceivedLetter) => Promise<void>;
  readonly send: (body: string) => Promise<void>;
};

/**
 * Invokes a function without waiting for it.
 *
 * @param payload - The event as JSON
 * @throws {Error} If Lambda did not take it
 */
export type InvokeLater = (functionArn: string, payload: string) => Promise<void>;
