import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  EMPTY_TALLY,
  type EventTally,
  type LedgerAnswer,
  type LedgerClaim,
} from '#shared/application/ledger-ports.ts';

/** Longer than CloudWatch takes a timestamp (14 days): after that a repeat is rejected by age. */
const KEEP_SECONDS = 15 * 24 * 60 * 60;

/** What the ledger's table holds of an envelope. */
export type LedgerItem = Record<string, AttributeValue>;

/** A number of an item; 0 if it has none. */
export function numberOf(item: LedgerItem, name: string): number {
  return Number(item[name]?.N ?? 0);
}

/** Items of earlier versions do not have all of the attributes. */
function tallyOf(item: LedgerItem): EventTally {
  return {
    possiblyRepeatedEvents: numberOf(item, 'possiblyRepeatedEvents'),
    tooOldEvents: numberOf(item, 'tooOldEvents'),
    refusedEvents: numberOf(item, 'refusedEvents'),
  };
}

/** A tally as attributes. */
export function tallyItem({ possiblyRepeatedEvents, tooOldEvents, refusedEvents }: EventTally) {
  return {
    possiblyRepeatedEvents: { N: String(possiblyRepeatedEvents) },
    tooOldEvents: { N: String(tooOldEvents) },
    refusedEvents: { N: String(refusedEvents) },
  };
}

/** Items of earlier versions do not have the attribute. */
function isParking(item: LedgerItem): boolean {
  return item['isParking']?.BOOL === true;
}

/** What the next attempt has to know of the one before. */
export function resumed(item: LedgerItem): LedgerAnswer {
  return {
    status: 'resumed',
    receivedAtMs: numberOf(item, 'receivedAtMs'),
    planHash: item['planHash']?.S ?? '',
    chunksSent: numberOf(item, 'chunksSent'),
    ...tallyOf(item),
    mayHaveSent: item['progress']?.S === 'sending' && !isParking(item),
    isParking: isParking(item),
  };
}

/** A claim with a name of its own, by which the SDK's repeat of it is known when the first answer was lost. */
export type NamedClaim = LedgerClaim & { readonly claimId: string };

/** A new item. */
export function itemOf(claim: NamedClaim): LedgerItem {
  return {
    key: { S: claim.key },
    claimId: { S: claim.claimId },
    requestId: { S: claim.requestId },
    receivedAtMs: { N: String(claim.receivedAtMs) },
    planHash: { S: claim.planHash },
    leaseUntilMs: { N: String(claim.leaseUntilMs) },
    chunksSent: { N: '0' },
    ...tallyItem(EMPTY_TALLY),
    progress: { S: 'sending' },
    isParking: { BOOL: false },
    expiresAt: { N: String(Math.floor(claim.receivedAtMs / 1_000) + KEEP_SECONDS) },
  };
}

/** Stopped, and surely nothing of it has reached CloudWatch or the queue. */
export function isUntouched(item: LedgerItem): boolean {
  const hasSent =
    numberOf(item, 'chunksSent') > 0 || numberOf(item, 'possiblyRepeatedEvents') > 0 || isParking(item);
  return item['progress']?.S === 'stopped' && !hasSent;
}

/** What this very claim put there, and nobody took over since. */
export function isOwn(item: LedgerItem, { claimId, requestId, leaseUntilMs }: NamedClaim): boolean {
  const isHeld = item['requestId']?.S === requestId && numberOf(item, 'leaseUntilMs') === leaseUntilMs;
  return item['claimId']?.S === claimId && isHeld;
}
