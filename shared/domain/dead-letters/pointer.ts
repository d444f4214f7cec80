import type { Envelope } from '#shared/domain/logs/payload/envelope.ts';

/**
 * Why something can never be counted. `poison-payload`: it is no envelope; `poison-plan-changed`: a part was sent, and
 * the code or inventory of now would send other data; `poison-refused-data`: CloudWatch takes the data for invalid;
 * `poison-parked-message`: it is no parked metric data.
 */
export const POISON_REASONS = [
  'poison-payload',
  'poison-plan-changed',
  'poison-refused-data',
  'poison-parked-message',
] as const;

export type PoisonReason = (typeof POISON_REASONS)[number];

/** Where the events are that could not be counted. */
export type EventRange = {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly firstEventId: string;
  readonly lastEventId: string;
};

/** What a dead letter holds of poison: where it is and how far it got, nothing of its content. */
export type Pointer = {
  readonly reason: PoisonReason;
  /** The invocation that found it. */
  readonly requestId: string;
  /** The ledger's key; `null` for what never had one. */
  readonly ledgerKey: string | null;
  /** `null` for what cannot be read, and for parked data, whose key the ledger knows. */
  readonly range: EventRange | null;
  /** Events that are not counted, at most; `null` if nobody can know. */
  readonly events: number | null;
  /** When it first came, epoch milliseconds; `null` if nobody knows. */
  readonly receivedAtMs: number | null;
  /** Calls of the envelope that were dealt with before this one; `null` if nobody knows. */
  readonly chunksSent: number | null;
  /** Calls of the envelope in all; `null` if nobody knows. */
  readonly chunks: number | null;
  /** Size of what cannot be read; `null` for the others. */
  readonly sizeBytes: number | null;
};

/** Where the events of an envelope are. */
export function rangeOf({ owner, logGroup, logStream, logEvents }: Envelope): EventRange {
  const { count } = logEvents;
  const [firstEventId, lastEventId] = count === 0 ? ['', ''] : [logEvents.id(0), logEvents.id(count - 1)];
  return { owner, logGroup, logStream, firstEventId, lastEventId };
}

/** A pointer as a queue holds it; names and content are public. */
export type PointerMessage = Omit<Pointer, 'range' | 'receivedAtMs'> & {
  readonly schemaVersion: 1;
  readonly type: 'pointer';
  /** The folder of the function that found it. */
  readonly function: string;
  /** ISO 8601. */
  readonly receivedAt: string | null;
} & { readonly [Key in keyof EventRange]: string | null };

const NO_RANGE = { owner: null, logGroup: null, logStream: null, firstEventId: null, lastEventId: null };

/** Writes a pointer down. */
export function toPointerMessage(
  { range, receivedAtMs, ...pointer }: Pointer,
  functionName: string,
): PointerMessage {
  const receivedAt = receivedAtMs === null ? null : new Date(receivedAtMs).toISOString();
  return {
    schemaVersion: 1,
    type: 'pointer',
    function: functionName,
    ...pointer,
    ...(range ?? NO_RANGE),
    receivedAt,
  };
}
