import type { ParkChunk } from '#shared/application/letter-ports.ts';
import type { ParkedChunk } from '#shared/domain/metrics/parked-chunk.ts';

/** A queue of parked calls that forgets everything with the process. */
export function createMemoryParkChunk(): {
  readonly parkChunk: ParkChunk;
  readonly parked: readonly ParkedChunk[];
} {
  const parked: ParkedChunk[] = [];
  return {
    parked,
    parkChunk: async (chunk) => {
      parked.push(chunk);
      return true;
    },
  };
}
