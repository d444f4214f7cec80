/**
 * Ages of a timestamp that CloudWatch takes: two weeks back, two hours ahead. One datum that is too old fails its
 * whole call, and a datum is stamped with the start of its minute and may be sent again later; so an hour is kept
 * back.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html}
 */
const MAX_AGE_MS = (14 * 24 - 1) * 60 * 60_000;
const MAX_AHEAD_MS = 2 * 60 * 60_000;

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
