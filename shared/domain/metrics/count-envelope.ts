import type { IdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { UNKNOWN_STAGE } from '#shared/domain/inventory/stage.ts';
import type { Envelope } from '#shared/domain/logs/envelope.ts';
import { type ParsedLine, parseAccessLog, type RejectReason } from '#shared/domain/logs/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/read-access-log-line.ts';
import { type Aggregate, addRequest, createAggregate } from '#shared/domain/metrics/aggregate-requests.ts';

/** Lines that were not counted, and where the first one is: a pointer, never its text. */
export type Rejects = Partial<
  Record<RejectReason, { readonly count: number; readonly firstEventId: string }>
>;

/** An envelope, counted. */
export type CountedEnvelope = {
  readonly aggregate: Aggregate;
  readonly rejected: Rejects;
  readonly requests: number;
  /** Requests counted under the stage `unknown`. */
  readonly unidentified: number;
  /** Time of the newest request, epoch milliseconds; 0 without requests. */
  readonly newestMs: number;
};

/**
 * Ages of a timestamp that CloudWatch takes: two weeks back, two hours ahead. One datum that is too old fails its
 * whole call, and a datum is stamped with the start of its minute and may be sent again later; so an hour is kept
 * back.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html}
 */
const MAX_AGE_MS = (14 * 24 - 1) * 60 * 60_000;
const MAX_AHEAD_MS = 2 * 60 * 60_000;

function checkAge(line: ParsedLine, receivedAtMs: number): ParsedLine {
  if (!line.ok) return line;
  const { timeMs } = line.request;
  if (timeMs < receivedAtMs - MAX_AGE_MS) return { ok: false, reason: 'too-old' };
  return timeMs > receivedAtMs + MAX_AHEAD_MS ? { ok: false, reason: 'too-new' } : line;
}

/**
 * Counts the access-log lines of an envelope. The result depends on nothing but the arguments, so that a repeated
 * delivery is counted the same way.
 *
 * @param receivedAtMs - When the envelope first came, epoch milliseconds; ages are judged against it
 */
export function countEnvelope(
  envelope: Envelope,
  identify: IdentifyStage,
  receivedAtMs: number,
): CountedEnvelope {
  const readLine = createReadAccessLogLine();
  const aggregate = createAggregate();
  const rejected: Rejects = {};
  let requests = 0;
  let unidentified = 0;
  let newestMs = 0;
  for (const { id, timestamp, message } of envelope.logEvents) {
    const line = checkAge(parseAccessLog(readLine, message, timestamp), receivedAtMs);
    if (!line.ok) {
      const known = rejected[line.reason] ?? { count: 0, firstEventId: id };
      rejected[line.reason] = { ...known, count: known.count + 1 };
      continue;
    }
    const stage = identify(line.request);
    if (stage === UNKNOWN_STAGE) unidentified += 1;
    addRequest(aggregate, stage, line.request);
    requests += 1;
    newestMs = Math.max(newestMs, line.request.timeMs);
  }
  return { aggregate, rejected, requests, unidentified, newestMs };
}
