import type { Ledger, LedgerProgress, Now, PublishMetricData, Wait } from '#shared/application/ports.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';

type Dependencies = {
  readonly ledger: Ledger;
  readonly publishMetricData: PublishMetricData;
  readonly now: Now;
  readonly wait: Wait;
};

/** The calls of one envelope, who sends them, and which are still to be sent. */
export type Shipment = {
  readonly key: string;
  readonly requestId: string;
  readonly chunks: readonly (readonly MetricDatum[])[];
  readonly firstChunk: number;
  /** Of earlier attempts. */
  readonly possiblyRepeatedEvents: number;
  /** When the invocation ends, epoch milliseconds. */
  readonly deadlineMs: number;
};

/** What it took. */
export type ShipmentReport = {
  readonly metricCalls: number;
  /** Upper bound of the events that CloudWatch may have counted twice, because its answer was lost. */
  readonly possiblyRepeatedEvents: number;
};

/** Time kept back at the end of an invocation to write down how far it got. */
const RESERVE_MS = 2_000;
const MAX_UNKNOWN_ANSWERS = 3;
const FIRST_BACKOFF_MS = 200;

/**
 * The most events that a chunk can stand for: those of the account's series, or of all its stages'; of execution logs,
 * those of all causes.
 */
export function countEvents(chunk: readonly MetricDatum[]): number {
  const sums = { account: 0, stages: 0, causes: 0 };
  for (const { name, dimensions, values } of chunk) {
    const [requests = 0] = values;
    if (name === 'ExecutionCause') sums.causes += requests;
    if (name === 'RequestCount')
      sums[Object.keys(dimensions).length === 0 ? 'account' : 'stages'] += requests;
  }
  return Math.max(sums.account, sums.stages, sums.causes);
}

type Progress = { metricCalls: number; possiblyRepeatedEvents: number };

/**
 * Sends one chunk until it is accepted. CloudWatch cannot tell a repeated call from a new one, so a chunk is sent
 * again only when it was certainly not counted, or when nobody can know; that doubt is written down first.
 *
 * @returns False if it was not accepted in time
 */
async function sendChunk(
  chunk: readonly MetricDatum[],
  deadlineMs: number,
  progress: Progress,
  recordDoubt: () => Promise<void>,
  { publishMetricData, now, wait }: Dependencies,
): Promise<boolean> {
  let unknownAnswers = 0;
  for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs *= 2) {
    progress.metricCalls += 1;
    const answer = await publishMetricData(chunk);
    if (answer === 'accepted') return true;
    if (answer === 'unknown') {
      unknownAnswers += 1;
      progress.possiblyRepeatedEvents += countEvents(chunk);
      await recordDoubt();
    }
    const isLate = now().getTime() + backoffMs > deadlineMs - RESERVE_MS;
    if (isLate || unknownAnswers >= MAX_UNKNOWN_ANSWERS) return false;
    await wait(backoffMs);
  }
}

/**
 * Sends the calls of an envelope and writes down in the ledger how far it got.
 *
 * @throws {Error} If CloudWatch does not take a chunk in time; what was sent, and what is in doubt, is in the ledger
 */
export async function sendMetricData(
  shipment: Shipment,
  dependencies: Dependencies,
): Promise<ShipmentReport> {
  const { key, requestId, chunks, firstChunk, deadlineMs } = shipment;
  const progress: Progress = { metricCalls: 0, possiblyRepeatedEvents: shipment.possiblyRepeatedEvents };
  const record = (chunksSent: number, status: LedgerProgress['status']): Promise<void> => {
    const { possiblyRepeatedEvents } = progress;
    const leaseUntilMs = deadlineMs;
    return dependencies.ledger.record({
      key,
      requestId,
      leaseUntilMs,
      chunksSent,
      possiblyRepeatedEvents,
      status,
    });
  };
  // A doubt is written down before it can be forgotten: this attempt may be killed as well.
  if (progress.possiblyRepeatedEvents > 0) await record(firstChunk, 'sending');
  for (const [index, chunk] of chunks.entries()) {
    if (index < firstChunk) continue;
    if (index > firstChunk) await record(index, 'sending');
    const isAccepted = await sendChunk(
      chunk,
      deadlineMs,
      progress,
      () => record(index, 'sending'),
      dependencies,
    );
    if (isAccepted) continue;
    await record(index, 'stopped');
    throw new Error(
      `CloudWatch did not take metric data: chunk ${index + 1} of ${chunks.length}, ${progress.metricCalls} calls`,
    );
  }
  await record(chunks.length, 'done');
  return progress;
}
