import type { IdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { UNKNOWN_STAGE } from '#shared/domain/inventory/stage.ts';
import type { Envelope } from '#shared/domain/logs/envelope.ts';
import { type ParsedLine, parseAccessLog, type RejectReason } from '#shared/domain/logs/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/read-access-log-line.ts';
import { type Aggregate, addRequest, createAggregate } from '#shared/domain/metrics/aggregate-requests.ts';
import { judgeAge } from '#shared/domain/metrics/event-age.ts';
import { addReject, type Rejects } from '#shared/domain/metrics/rejects.ts';

/** An envelope, counted. */
export type CountedEnvelope = {
  readonly aggregate: Aggregate;
  readonly rejected: Rejects<RejectReason>;
  readonly requests: number;
  /** Those of them whose lines had to be repaired. */
  readonly repaired: number;
  /** Requests counted under the stage `unknown`. */
  readonly unidentified: number;
  /** Time of the newest request, epoch milliseconds; 0 without requests. */
  readonly newestMs: number;
};

function checkAge(line: ParsedLine, receivedAtMs: number): ParsedLine {
  if (!line.ok) return line;
  const reason = judgeAge(line.request.timeMs, receivedAtMs);
  return reason === null ? line : { ok: false, reason };
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
  const rejected: Rejects<RejectReason> = {};
  let requests = 0;
  let repaired = 0;
  let unidentified = 0;
  let newestMs = 0;
  for (const { id, timestamp, message } of envelope.logEvents) {
    const line = checkAge(parseAccessLog(readLine, message, timestamp), receivedAtMs);
    if (!line.ok) {
      addReject(rejected, line.reason, id);
      continue;
    }
    const stage = identify(line.request);
    if (stage === UNKNOWN_STAGE) unidentified += 1;
    addRequest(aggregate, stage, line.request);
    requests += 1;
    if (line.isRepaired) repaired += 1;
    newestMs = Math.max(newestMs, line.request.timeMs);
  }
  return { aggregate, rejected, requests, repaired, unidentified, newestMs };
}
