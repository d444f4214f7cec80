import { createMemoryKeepPointer } from '#shared/adapters/memory-keep-pointer.ts';
import { createMemoryParkChunk } from '#shared/adapters/memory-park-chunk.ts';

/** Where an ingest leaves what it cannot count now: doubts, parked calls and pointers, all to be looked at. */
export function createLetterPorts() {
  const doubts: number[] = [];
  return {
    doubts,
    recordDoubt: (events: number): void => {
      doubts.push(events);
    },
    ...createMemoryParkChunk(),
    ...createMemoryKeepPointer(),
  };
}
