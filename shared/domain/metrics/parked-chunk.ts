import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';

/** A PutMetricData call that CloudWatch had no room for, put off into a queue. It holds metric data, no log text. */
export type ParkedChunk = {
  /** The ledger's key of the envelope. */
  readonly key: string;
  /** Which of the envelope's calls, from 0; with the key it names this one for good. */
  readonly chunkIndex: number;
  /** Hash of all calls of the envelope. */
  readonly planHash: string;
  /** When the envelope first came, epoch milliseconds. */
  readonly receivedAtMs: number;
  readonly data: readonly MetricDatum[];
};

/** The ledger's key of a parked call: whoever takes it out of the queue claims it, since it may be in there twice. */
export function parkedChunkKey({ key, chunkIndex }: Pick<ParkedChunk, 'key' | 'chunkIndex'>): string {
  return `${key}#${chunkIndex}`;
}
