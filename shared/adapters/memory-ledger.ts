import type { Ledger, LedgerClaim, LedgerProgress, Now } from '#shared/application/ports.ts';

type Item = LedgerClaim & Pick<LedgerProgress, 'chunksSent' | 'status'>;

/** A ledger that forgets everything with the process. */
export function createMemoryLedger(now: Now): Ledger {
  const items = new Map<string, Item>();
  return {
    claim: async (claim) => {
      const item = items.get(claim.key);
      if (item === undefined) {
        items.set(claim.key, { ...claim, chunksSent: 0, status: 'sending' });
        return { status: 'claimed' };
      }
      if (item.status === 'done') return { status: 'done' };
      const isLive = item.status === 'sending' && item.leaseUntilMs > now().getTime();
      if (isLive && item.requestId !== claim.requestId) return { status: 'leased' };
      items.set(claim.key, {
        ...item,
        requestId: claim.requestId,
        leaseUntilMs: claim.leaseUntilMs,
        status: 'sending',
      });
      const { receivedAtMs, planHash, chunksSent } = item;
      return {
        status: 'resumed',
        receivedAtMs,
        planHash,
        chunksSent,
        mayHaveSent: item.status === 'sending',
      };
    },
    record: async ({ key, requestId, chunksSent, status }) => {
      const item = items.get(key);
      if (item?.requestId !== requestId) throw new Error('Another invocation has taken this envelope over');
      items.set(key, { ...item, chunksSent, status });
    },
  };
}
