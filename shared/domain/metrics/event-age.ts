import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';

const MINUTE_MS = 60_000;

/**
 * Ages of a timestamp that CloudWatch takes: two weeks back, two hours ahead. One datum that is too old fails its
 * whole call, and a datum is stamped with the start of its minute and may be sent again later; so an hour is kept
 * back.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html}
 */
const TWO_WEEKS_MS = 14 * 24 * 60 * MINUTE_MS;
const MAX_AGE_MS = TWO_WEEKS_MS - 60 * MINUTE_MS;
const MAX_AHEAD_MS = 2 * 60 * MINUTE_MS;

/** Why CloudWatch would not take a timestamp. */
export type AgeReason = 'too-old' | 'too-new';

/**
 * Judges whether CloudWatch takes a timestamp.
 *
 * @param timeMs - Epoch milliseconds
 * @param receivedAtMs - When the envelope first came, epoch milliseconds
 * @returns `null` if it does
 */
export function judgeAge(timeMs: number, receivedAtMs: number): AgeReason | null {
  if (timeMs < receivedAtMs - MAX_AGE_MS) return 'too-old';
  return timeMs > receivedAtMs + MAX_AHEAD_MS ? 'too-new' : null;
}

/**
 * Parts the data of a call that was planned earlier, maybe days ago: what has become too old since would fail the whole
 * call. Only a minute is kept back, for the call itself.
 *
 * @param nowMs - Epoch milliseconds
 */
export function partByAge(
  chunk: readonly MetricDatum[],
  nowMs: number,
): { readonly inTime: readonly MetricDatum[]; readonly tooOld: readonly MetricDatum[] } {
  const oldestMs = nowMs - TWO_WEEKS_MS + MINUTE_MS;
  if (chunk.every(({ timestampMs }) => timestampMs >= oldestMs)) return { inTime: chunk, tooOld: [] };
  return {
    inTime: chunk.filter(({ timestampMs }) => timestampMs >= oldestMs),
    tooOld: chunk.filter(({ timestampMs }) => timestampMs < oldestMs),
  };
}
