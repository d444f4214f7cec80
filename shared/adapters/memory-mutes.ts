import type { MuteStore, StoredMutes } from '#shared/application/mute-ports.ts';

/** Mutes that are known as long as the process lives. */
export function createMemoryMutes(): MuteStore {
  let stored: StoredMutes = { revision: null, mutes: [] };
  return {
    read: async () => stored,
    write: async (mutes, expectedRevision) => {
      if (stored.revision !== expectedRevision) return false;
      stored = { revision: (expectedRevision ?? 0) + 1, mutes };
      return true;
    },
  };
}
