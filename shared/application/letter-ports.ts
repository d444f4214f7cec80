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
