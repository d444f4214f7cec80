import type { Ledger, LedgerClaim, LedgerProgress, Now } from '#shared/application/ports.ts';

type Item = LedgerClaim & Pick<LedgerProgress, 'chunksSent' | 'possiblyRepeatedEvents' | 'status'>;

/** A ledger that forgets everything with the process. */
export function createMemoryLedger(now: Now): Ledger {
  const items = new Map<string, Item>();
  return {
    claim: async (claim) => {
      const item = items.get(claim.key);
      // Stopped before anything was sent: no plan binds it.
      const isUntouched =
        item?.status === 'stopped' && item.chunksSent === 0 && item.possiblyRepeatedEvents === 0;
      if (item === undefined || isUntouched) {
        items.set(claim.key, { ...claim, chunksSent: 0, possiblyRepeatedEvents: 0, status: 'sending' });
        return { status: 'claimed' };
      }
      if (item.status === 'done') return { status: 'done' };
      const isLive = item.status === 'sending' && item.leaseUntilMs > now().getTime();
      if (isLive) return { status: 'leased' };
      items.set(claim.key, {
        ...item,
        requestId: claim.requestId,
        leaseUntilMs: claim.leaseUntilMs,
        status: 'sending',
      });
      const { receivedAtMs, planHash, chunksSent, possiblyRepeatedEvents } = item;
      const mayHaveSent = item.status === 'sending';
      return { status: 'resumed', receivedAtMs, planHash, chunksSent, possiblyRepeatedEvents, mayHaveSent };
    },
    record: async (progress) => {
      const item = items.get(progress.key);
      if (item?.requestId !== progress.requestId || item.leaseUntilMs !== progress.leaseUntilMs) {
        throw new Error('Another attempt has taken this envelope over');
      }
      items.set(progress.key, { ...item, ...progress });
    },
  };
}
