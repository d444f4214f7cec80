import type { KeepPointer } from '#shared/application/letter-ports.ts';
import type { Pointer } from '#shared/domain/dead-letters/pointer.ts';

/** Pointers to poison that are gone with the process. */
export function createMemoryKeepPointer(): {
  readonly keepPointer: KeepPointer;
  readonly pointers: readonly Pointer[];
} {
  const pointers: Pointer[] = [];
  return {
    pointers,
    keepPointer: async (pointer) => {
      pointers.push(pointer);
    },
  };
}
