import type { IdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { UNKNOWN_STAGE } from '#shared/domain/inventory/stage.ts';
import type { AccessLogFacts } from '#shared/domain/logs/access/access-log-facts.ts';
import { type RejectReason, toCountedRequest } from '#shared/domain/logs/access/parse-access-log.ts';
import { createReadAccessLogEvent } from '#shared/domain/logs/access/read-access-log-event.ts';
import type { UnreadableReason } from '#shared/domain/logs/access/read-access-log-line.ts';
import type { CountedRequest } from '#shared/domain/logs/access/request.ts';
import type { Envelope } from '#shared/domain/logs/payload/envelope.ts';
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

/** The request of an event, or why there is none that CloudWatch would take. */
function requestOf(
  facts: AccessLogFacts | UnreadableReason,
  timestampMs: number,
  receivedAtMs: number,
): CountedRequest | RejectReason {
  if (typeof facts === 'string') return facts;
  const request = toCountedRequest(facts, timestampMs);
  if (typeof request === 'string') return request;
  return judgeAge(request.timeMs, receivedAtMs) ?? request;
}

/**
 * Counts the access-log lines of an envelope. The result depends on nothing but the arguments, so that a repeated
 * delivery is counted the same way.
 *
 * @param receivedAtMs - When the envelope first came, epoch milliseconds; ages are judged against it
 */
export function countEnvelope(
  { logEvents }: Envelope,
  identify: IdentifyStage,
  receivedAtMs: number,
): CountedEnvelope {
  const readEvent = createReadAccessLogEvent(logEvents);
  const aggregate = createAggregate();
  const rejected: Rejects<RejectReason> = {};
  let requests = 0;
  let repaired = 0;
  let unidentified = 0;
  let newestMs = 0;
  for (let place = 0; place < logEvents.count; place += 1) {
    const facts = readEvent(place);
    const request = requestOf(facts, logEvents.timestamp(place), receivedAtMs);
    if (typeof request === 'string') {
      addReject(rejected, request, logEvents.id(place));
      continue;
    }
    const stage = identify(request);
    if (stage === UNKNOWN_STAGE) unidentified += 1;
    addRequest(aggregate, stage, request);
    requests += 1;
    if (typeof facts !== 'string' && facts.isRepaired) repaired += 1;
    newestMs = Math.max(newestMs, request.timeMs);
  }
  return { aggregate, rejected, requests, repaired, unidentified, newestMs };
}
