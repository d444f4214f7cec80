import type { KeepPointer } from '#shared/application/letter-ports.ts';
import { type PoisonReason, rangeOf } from '#shared/domain/dead-letters/pointer.ts';
import type { Envelope } from '#shared/domain/logs/payload/envelope.ts';
import type { ParkedChunk } from '#shared/domain/metrics/parked-chunk.ts';

/** Where pointers to what can never be counted go. */
export type KeepPoison = { readonly keepPointer: KeepPointer };

/** An envelope of which something can never be counted. */
type PoisonEnvelope = {
  readonly key: string;
  readonly requestId: string;
  /** When it first came, epoch milliseconds. */
  readonly receivedAtMs: number;
  readonly envelope: Envelope;
  /** Its calls in all. */
  readonly chunks: number;
};

function pointerOf({ key: ledgerKey, requestId, receivedAtMs, envelope, chunks }: PoisonEnvelope) {
  return { requestId, ledgerKey, range: rangeOf(envelope), receivedAtMs, chunks, sizeBytes: null };
}

/** Keeps a pointer to an envelope that was begun by other code or another inventory, and cannot be gone on with. */
export function keepChangedPlan(
  poison: PoisonEnvelope & { readonly chunksSent: number },
  { keepPointer }: KeepPoison,
): Promise<void> {
  const { chunksSent, envelope } = poison;
  const events = envelope.logEvents.count;
  return keepPointer({ ...pointerOf(poison), reason: 'poison-plan-changed', events, chunksSent });
}

/** Keeps a pointer to a call that CloudWatch refuses as invalid; the others of its envelope go on. */
export function keepRefusedChunk(
  poison: PoisonEnvelope & { readonly chunkIndex: number; readonly events: number },
  { keepPointer }: KeepPoison,
): Promise<void> {
  const { chunkIndex: chunksSent, events } = poison;
  return keepPointer({ ...pointerOf(poison), reason: 'poison-refused-data', events, chunksSent });
}

/** Keeps a pointer to something that is not what it should be, of which not even the number of events is known. */
export function keepUnreadable(
  reason: Extract<PoisonReason, 'poison-payload' | 'poison-parked-message'>,
  requestId: string,
  content: string,
  { keepPointer }: KeepPoison,
): Promise<void> {
  const unknown = { ledgerKey: null, range: null, events: null, receivedAtMs: null };
  return keepPointer({
    ...unknown,
    reason,
    requestId,
    chunksSent: null,
    chunks: null,
    sizeBytes: new TextEncoder().encode(content).length,
  });
}

/** Keeps a pointer to a parked call that CloudWatch refuses as invalid. */
export function keepRefusedParked(
  { key: ledgerKey, chunkIndex: chunksSent, receivedAtMs }: ParkedChunk,
  requestId: string,
  events: number,
  { keepPointer }: KeepPoison,
): Promise<void> {
  const reason = 'poison-refused-data';
  const unknown = { range: null, chunks: null, sizeBytes: null };
  return keepPointer({ ...unknown, reason, requestId, ledgerKey, events, receivedAtMs, chunksSent });
}
