import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { StageId } from '#shared/domain/inventory/stage.ts';
import {
  type ExecutionLine,
  moreSpecificLine,
  parseExecutionLine,
} from '#shared/domain/logs/execution/execution-line.ts';
import { parseExecutionLogGroup } from '#shared/domain/logs/execution/execution-log-group.ts';
import type { Envelope } from '#shared/domain/logs/payload/envelope.ts';
import { type AgeReason, judgeAge } from '#shared/domain/metrics/event-age.ts';
import { addReject, type Rejects } from '#shared/domain/metrics/rejects.ts';

/** Why an execution-log event was not counted. `unclassified` lines tell no failure, which is no fault. */
export type ExecutionRejectReason = AgeReason | 'no-time' | 'not-execution-log' | 'unclassified';

/** Failed requests by cause, by the epoch milliseconds at which their minute starts. */
export type CausesByMinute = ReadonlyMap<number, ReadonlyMap<CauseSlug, number>>;

/** An envelope of execution logs, counted. */
export type CountedCauses = {
  /** `null` if the group holds no execution logs; then nothing is counted. */
  readonly stage: StageId | null;
  readonly minutes: CausesByMinute;
  readonly rejected: Rejects<ExecutionRejectReason>;
  /** Failed requests, each counted once. */
  readonly requests: number;
  /** Time of the newest counted line, epoch milliseconds; 0 without any. */
  readonly newestMs: number;
};

type FailedRequest = { readonly line: ExecutionLine; readonly firstMs: number };

const MINUTE_MS = 60_000;

function readEvent(
  timestamp: number,
  message: string,
  receivedAtMs: number,
): ExecutionLine | ExecutionRejectReason {
  const line = parseExecutionLine(message);
  if (line === null) return 'unclassified';
  if (!(timestamp > 0)) return 'no-time';
  return judgeAge(timestamp, receivedAtMs) ?? line;
}

function join(known: FailedRequest | undefined, line: ExecutionLine, timeMs: number): FailedRequest {
  if (known === undefined) return { line, firstMs: timeMs };
  return { line: moreSpecificLine(known.line, line), firstMs: Math.min(known.firstMs, timeMs) };
}

function countByMinute(requests: Iterable<FailedRequest>): CausesByMinute {
  const minutes = new Map<number, Map<CauseSlug, number>>();
  for (const { line, firstMs } of requests) {
    const minuteMs = firstMs - (firstMs % MINUTE_MS);
    const causes = minutes.get(minuteMs) ?? new Map<CauseSlug, number>();
    causes.set(line.cause, (causes.get(line.cause) ?? 0) + 1);
    minutes.set(minuteMs, causes);
  }
  return minutes;
}

/**
 * Counts the failed requests of an envelope by cause. Lines of one request are joined, so that it counts once, in
 * the minute of its first line and under its most specific cause; a line without request id is a request of its own.
 * Requests whose lines lie in different envelopes count once in each.
 *
 * @param receivedAtMs - When the envelope first came, epoch milliseconds; ages are judged against it
 */
export function countExecutionCauses({ logGroup, logEvents }: Envelope, receivedAtMs: number): CountedCauses {
  const stage = parseExecutionLogGroup(logGroup);
  const rejected: Rejects<ExecutionRejectReason> = {};
  const requests = new Map<string, FailedRequest>();
  let newestMs = 0;
  for (let place = 0; place < logEvents.count; place += 1) {
    const timestamp = logEvents.timestamp(place);
    const line =
      stage === null ? 'not-execution-log' : readEvent(timestamp, logEvents.message(place), receivedAtMs);
    if (typeof line === 'string') {
      addReject(rejected, line, logEvents.id(place));
      continue;
    }
    const key = line.requestId === null ? `event ${logEvents.id(place)}` : `request ${line.requestId}`;
    requests.set(key, join(requests.get(key), line, timestamp));
    newestMs = Math.max(newestMs, timestamp);
  }
  return { stage, minutes: countByMinute(requests.values()), rejected, requests: requests.size, newestMs };
}
