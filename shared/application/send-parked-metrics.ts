import type { Invocation } from '#shared/application/count-once.ts';
import { type KeepPoison, keepRefusedParked, keepUnreadable } from '#shared/application/keep-poison.ts';
import { EMPTY_TALLY } from '#shared/application/ledger-ports.ts';
import type { DecodeParkedChunk } from '#shared/application/letter-ports.ts';
import {
  type SendDependencies,
  type ShipmentReport,
  sendMetricData,
} from '#shared/application/send-metric-data.ts';
import { type ParkedChunk, parkedChunkKey } from '#shared/domain/metrics/parked-chunk.ts';

/** What became of one parked call. */
export type ParkedReport = {
  /**
   * `put-off`: CloudWatch has no room yet, or another copy is being sent; it has to come again. `repeated`: it was sent
   * before. `poison`: it is no parked metric data.
   */
  readonly status: 'sent' | 'put-off' | 'repeated' | 'poison';
  readonly metricCalls: number;
  /** Upper bound of the events that CloudWatch may have counted twice in this attempt, because its answer was lost. */
  readonly possiblyRepeatedEvents: number;
  /** Events that were not counted, by reason; only those that occurred. */
  readonly rejected: Readonly<Record<string, number>>;
};

type Dependencies = SendDependencies & KeepPoison & { readonly decodeParkedChunk: DecodeParkedChunk };

const NOTHING_SENT = { metricCalls: 0, possiblyRepeatedEvents: 0, rejected: {} } as const;

function reportOf({ status, tooOldEvents, refusedEvents, ...shipment }: ShipmentReport): ParkedReport {
  const { metricCalls, possiblyRepeatedEvents } = shipment;
  return {
    status: status === 'done' ? 'sent' : 'put-off',
    metricCalls,
    possiblyRepeatedEvents,
    rejected: {
      ...(tooOldEvents > 0 && { 'too-old': tooOldEvents }),
      ...(refusedEvents > 0 && { 'poison-refused-data': refusedEvents }),
    },
  };
}

async function sendOnce(
  chunk: ParkedChunk,
  { requestId, deadlineMs }: Invocation,
  dependencies: Dependencies,
): Promise<ParkedReport> {
  const { receivedAtMs, planHash, data } = chunk;
  const key = parkedChunkKey(chunk);
  const claim = { key, requestId, receivedAtMs, planHash, leaseUntilMs: deadlineMs };
  const answer = await dependencies.ledger.claim(claim);
  if (answer.status === 'done') return { ...NOTHING_SENT, status: 'repeated' };
  if (answer.status === 'leased') return { ...NOTHING_SENT, status: 'put-off' };
  const begun = { chunksSent: 0, mayHaveSent: false, ...EMPTY_TALLY, ...answer };
  const shipment = await sendMetricData(
    {
      ...{ key, requestId, deadlineMs, chunks: [data], firstChunk: begun.chunksSent, isParking: false },
      mayHaveSent: begun.mayHaveSent,
      earlier: begun,
      keepRefused: (_, events) => keepRefusedParked(chunk, requestId, events, dependencies),
      park: null,
    },
    dependencies,
  );
  return reportOf(shipment);
}

/**
 * Makes the sending of parked calls: each is counted once, however often it is in the queue or comes out of it.
 *
 * @returns A use case that throws on outages, so that the message comes again
 */
export function createSendParkedMetrics(dependencies: Dependencies) {
  return async (body: string, invocation: Invocation): Promise<ParkedReport> => {
    const chunk = dependencies.decodeParkedChunk(body);
    if (chunk !== null) return sendOnce(chunk, invocation, dependencies);
    await keepUnreadable('poison-parked-message', invocation.requestId, body, dependencies);
    return { ...NOTHING_SENT, status: 'poison', rejected: { 'poison-parked-message': 1 } };
  };
}
