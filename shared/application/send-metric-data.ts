import type { EventTally, Ledger, LedgerProgress } from '#shared/application/ledger-ports.ts';
import type { Now, PublishMetricData, Wait } from '#shared/application/ports.ts';
import { sendChunk } from '#shared/application/send-chunk.ts';
import { countEvents } from '#shared/domain/metrics/count-events.ts';
import { partByAge } from '#shared/domain/metrics/event-age.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';

/** What sending needs, whoever sends. */
export type SendDependencies = {
  readonly ledger: Ledger;
  readonly publishMetricData: PublishMetricData;
  /**
   * States events that CloudWatch may have counted twice. It must do so at once: the invocation may be killed, and
   * what was stated twice is still an upper bound.
   */
  readonly recordDoubt: (events: number) => void;
  readonly now: Now;
  readonly wait: Wait;
};

/** The calls of one ledger item, who sends them, and which are still to be sent. */
export type Shipment = {
  readonly key: string;
  readonly requestId: string;
  readonly chunks: readonly (readonly MetricDatum[])[];
  readonly firstChunk: number;
  /** An attempt that was killed may have sent the first chunk without a word about it. */
  readonly mayHaveSent: boolean;
  /** The first chunk may be parked already: it may go nowhere else. */
  readonly isParking: boolean;
  /** Of earlier attempts. */
  readonly earlier: EventTally;
  /** When the invocation ends, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Tells of a chunk that CloudWatch refuses as invalid. @throws {Error} If that cannot be told */
  readonly keepRefused: (chunkIndex: number, events: number) => Promise<void>;
  /** Puts a chunk off; `null` where that cannot be. @returns False if it is too large. @throws {Error} If nobody knows */
  readonly park: ((chunkIndex: number) => Promise<boolean>) | null;
};

/** What it took. */
export type ShipmentReport = {
  /** `stopped`: CloudWatch did not take a chunk in time; what was sent, and what is in doubt, is in the ledger. */
  readonly status: 'done' | 'stopped';
  readonly metricCalls: number;
  readonly parkedCalls: number;
  /** Upper bound of the events that CloudWatch may have counted twice in this attempt, because its answer was lost. */
  readonly possiblyRepeatedEvents: number;
  /** Events of data that became too old before it could be sent, in this attempt or an earlier one. */
  readonly tooOldEvents: number;
  /** Events of data that CloudWatch refused as invalid, in this attempt or an earlier one. */
  readonly refusedEvents: number;
};

/** Time kept back at the end of an invocation to write down how far it got. */
const RESERVE_MS = 2_000;
/** Time kept back to put chunks off. */
const PARKING_MS = 5_000;

type Trip = {
  readonly shipment: Shipment;
  readonly dependencies: SendDependencies;
  readonly report: { -readonly [Key in keyof ShipmentReport]: ShipmentReport[Key] };
};

function record(
  { shipment, dependencies, report }: Trip,
  chunksSent: number,
  status: LedgerProgress['status'],
  isParking = false,
): Promise<void> {
  const { key, requestId, deadlineMs: leaseUntilMs } = shipment;
  const { tooOldEvents, refusedEvents } = report;
  const possiblyRepeatedEvents = shipment.earlier.possiblyRepeatedEvents + report.possiblyRepeatedEvents;
  const tally = { possiblyRepeatedEvents, tooOldEvents, refusedEvents };
  const progress = { ...tally, chunksSent, status, isParking };
  return dependencies.ledger.record({ key, requestId, leaseUntilMs, ...progress });
}

/** A doubt is stated and written down before it can be forgotten: this attempt may be killed as well. */
async function noteDoubt(trip: Trip, chunkIndex: number): Promise<void> {
  const events = countEvents(trip.shipment.chunks[chunkIndex] ?? []);
  trip.report.possiblyRepeatedEvents += events;
  trip.dependencies.recordDoubt(events);
  await record(trip, chunkIndex, 'sending');
}

/** @returns Whether the next chunk may be sent, this one has to be parked, or the attempt is over. */
async function deliverChunk(trip: Trip, chunkIndex: number): Promise<'next' | 'park' | 'stop'> {
  const { shipment, dependencies, report } = trip;
  const chunk = shipment.chunks[chunkIndex] ?? [];
  const { inTime, tooOld } = partByAge(chunk, dependencies.now().getTime());
  const reserveMs = RESERVE_MS + (shipment.park === null ? 0 : PARKING_MS);
  const untilMs = shipment.deadlineMs - reserveMs;
  const { outcome, calls } =
    inTime.length === 0
      ? { outcome: 'accepted', calls: 0 }
      : await sendChunk(inTime, untilMs, () => noteDoubt(trip, chunkIndex), dependencies);
  report.metricCalls += calls;
  if (outcome === 'throttled') return shipment.park === null ? 'stop' : 'park';
  if (outcome === 'unknown') return 'stop';
  if (outcome === 'refused') {
    const events = countEvents(inTime);
    await shipment.keepRefused(chunkIndex, events);
    report.refusedEvents += events;
  }
  report.tooOldEvents += countEvents(tooOld);
  return 'next';
}

/**
 * Does something with a chunk. If it fails, no answer of CloudWatch is missing that was not stated: the next attempt
 * can go on here, and at once.
 */
async function orStop<T>(
  trip: Trip,
  chunkIndex: number,
  isParking: boolean,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await record(trip, chunkIndex, 'stopped', isParking).catch((later: unknown) => {
      throw new AggregateError([error, later], 'A chunk failed, and the ledger could not be told', {
        cause: error,
      });
    });
    throw error;
  }
}

/** @returns False if it is too large for the queue. */
async function parkChunk(trip: Trip, chunkIndex: number): Promise<boolean> {
  const { shipment, report } = trip;
  await record(trip, chunkIndex, 'sending', true);
  const isParked = await orStop(
    trip,
    chunkIndex,
    true,
    async () => (await shipment.park?.(chunkIndex)) ?? false,
  );
  if (isParked) report.parkedCalls += 1;
  return isParked;
}

/** @returns Whether the chunk left for CloudWatch or the queue, or the attempt is over. */
async function handOver(
  trip: Trip,
  chunkIndex: number,
  isParking: boolean,
): Promise<'sent' | 'parked' | 'stop'> {
  if (!isParking) {
    if (chunkIndex > trip.shipment.firstChunk) await record(trip, chunkIndex, 'sending');
    const next = await orStop(trip, chunkIndex, false, () => deliverChunk(trip, chunkIndex));
    if (next !== 'park') return next === 'next' ? 'sent' : 'stop';
  }
  return (await parkChunk(trip, chunkIndex)) ? 'parked' : 'stop';
}

/**
 * Sends the calls of an envelope and writes down in the ledger how far it got. What CloudWatch throttles until the end
 * nears is put off, and so is what comes after it.
 *
 * @throws {Error} If the ledger, the queue or the dead letters cannot be reached, or CloudWatch refuses the caller
 */
export async function sendMetricData(
  shipment: Shipment,
  dependencies: SendDependencies,
): Promise<ShipmentReport> {
  const { chunks, firstChunk, earlier } = shipment;
  const { tooOldEvents, refusedEvents } = earlier;
  const counts = { metricCalls: 0, parkedCalls: 0, possiblyRepeatedEvents: 0, tooOldEvents, refusedEvents };
  const trip: Trip = { shipment, dependencies, report: { status: 'done', ...counts } };
  if (shipment.mayHaveSent && firstChunk < chunks.length) await noteDoubt(trip, firstChunk);
  let { isParking } = shipment;
  for (let index = firstChunk; index < chunks.length; index += 1) {
    const outcome = await handOver(trip, index, isParking);
    if (outcome === 'stop') {
      await record(trip, index, 'stopped');
      return { ...trip.report, status: 'stopped' };
    }
    // What an earlier attempt began to park does not say that CloudWatch throttles now.
    const wasBegunEarlier = shipment.isParking && index === firstChunk;
    isParking = outcome === 'parked' && !wasBegunEarlier;
  }
  await record(trip, chunks.length, 'done');
  return trip.report;
}
