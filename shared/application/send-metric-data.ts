import type { Ledger, Now, PublishMetricData, Wait } from '#shared/application/ports.ts';
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

/** The most events that a chunk can stand for: those of the account's series, or of all its stages'. */
export function countEvents(chunk: readonly MetricDatum[]): number {
  const sums = { account: 0, stages: 0 };
  for (const { name, dimensions, values } of chunk) {
    if (name !== 'RequestCount') continue;
    sums[Object.keys(dimensions).length === 0 ? 'account' : 'stages'] += values[0] ?? 0;
  }
  return Math.max(sums.account, sums.stages);
}

type Attempts = { readonly calls: number; readonly unknownAnswers: number; readonly isAccepted: boolean };

/**
 * Sends one chunk until it is accepted. CloudWatch cannot tell a repeated call from a new one, so a chunk is sent
 * again only when it was certainly not counted, or when nobody can know.
 */
async function sendChunk(
  chunk: readonly MetricDatum[],
  deadlineMs: number,
  { publishMetricData, now, wait }: Dependencies,
): Promise<Attempts> {
  let unknownAnswers = 0;
  let backoffMs = FIRST_BACKOFF_MS;
  for (let calls = 1; ; calls += 1) {
    const answer = await publishMetricData(chunk);
    if (answer === 'accepted') return { calls, unknownAnswers, isAccepted: true };
    if (answer === 'unknown') unknownAnswers += 1;
    const isLate = now().getTime() + backoffMs > deadlineMs - RESERVE_MS;
    if (isLate || unknownAnswers >= MAX_UNKNOWN_ANSWERS) return { calls, unknownAnswers, isAccepted: false };
    await wait(backoffMs);
    backoffMs *= 2;
  }
}

/**
 * Sends the calls of an envelope and writes down in the ledger how far it got.
 *
 * @throws {Error} If CloudWatch does not take a chunk in time; what was sent is in the ledger
 */
export async function sendMetricData(
  shipment: Shipment,
  dependencies: Dependencies,
): Promise<ShipmentReport> {
  const { key, requestId, chunks, firstChunk, deadlineMs } = shipment;
  const { ledger } = dependencies;
  let metricCalls = 0;
  let possiblyRepeatedEvents = 0;
  for (const [index, chunk] of chunks.entries()) {
    if (index < firstChunk) continue;
    if (index > firstChunk) await ledger.record({ key, requestId, chunksSent: index, status: 'sending' });
    const { calls, unknownAnswers, isAccepted } = await sendChunk(chunk, deadlineMs, dependencies);
    metricCalls += calls;
    possiblyRepeatedEvents += unknownAnswers * countEvents(chunk);
    if (!isAccepted) {
      // Whether the last call was counted is in doubt only if an answer was lost.
      const status = unknownAnswers === 0 ? 'stopped' : 'sending';
      await ledger.record({ key, requestId, chunksSent: index, status });
      throw new Error(
        `CloudWatch did not take metric data: chunk ${index + 1} of ${chunks.length}, ${calls} calls`,
      );
    }
  }
  await ledger.record({ key, requestId, chunksSent: chunks.length, status: 'done' });
  return { metricCalls, possiblyRepeatedEvents };
}
