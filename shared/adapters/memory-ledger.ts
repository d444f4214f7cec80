import {
  EMPTY_TALLY,
  type EventTally,
  type Ledger,
  type LedgerAnswer,
  type LedgerClaim,
  type LedgerProgress,
} from '#shared/application/ledger-ports.ts';
import type { Now } from '#shared/application/ports.ts';

type Item = LedgerClaim & EventTally & Pick<LedgerProgress, 'chunksSent' | 'status' | 'isParking'>;

/** Stopped before anything was sent or parked: no plan binds it. */
function isUntouched({ status, chunksSent, possiblyRepeatedEvents, isParking }: Item): boolean {
  return status === 'stopped' && chunksSent === 0 && possiblyRepeatedEvents === 0 && !isParking;
}

/** What the next attempt has to know of the one before. */
function resumed(item: Item): LedgerAnswer {
  const { receivedAtMs, planHash, chunksSent, isParking } = item;
  const { possiblyRepeatedEvents, tooOldEvents, refusedEvents } = item;
  const mayHaveSent = item.status === 'sending' && !isParking;
  return {
    status: 'resumed',
    receivedAtMs,
    planHash,
    chunksSent,
    possiblyRepeatedEvents,
    tooOldEvents,
    refusedEvents,
    mayHaveSent,
    isParking,
  };
}

/** A ledger that forgets everything with the process. */
export function createMemoryLedger(now: Now): Ledger {
  const items = new Map<string, Item>();
  return {
    claim: async (claim) => {
      const item = items.get(claim.key);
      if (item === undefined || isUntouched(item)) {
        items.set(claim.key, {
          ...claim,
          ...EMPTY_TALLY,
          chunksSent: 0,
          status: 'sending',
          isParking: false,
        });
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
      return resumed(item);
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
