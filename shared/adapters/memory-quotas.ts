import type { QuotaStore, StoredQuota } from '#shared/application/ports.ts';

/** A quota that is known as long as the process lives. */
export function createMemoryQuotas(): QuotaStore {
  let stored: StoredQuota | null = null;
  return {
    read: async () => stored,
    write: async (quota, expectedReadAtMs) => {
      if ((stored?.readAtMs ?? null) !== expectedReadAtMs) return false;
      stored = quota;
      return true;
    },
  };
}
