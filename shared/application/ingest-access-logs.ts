import { createHash } from 'node:crypto';
import type {
  DecodePayload,
  Ledger,
  LedgerAnswer,
  Now,
  PublishMetricData,
  ReadInventory,
  Wait,
} from '#shared/application/ports.ts';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { UNKNOWN_STAGE } from '#shared/domain/inventory/stage.ts';
import { type Envelope, parseEnvelope } from '#shared/domain/logs/envelope.ts';
import { parseAccessLog, type RejectReason } from '#shared/domain/logs/parse-access-log.ts';
import { type Aggregate, addRequest, createAggregate } from '#shared/domain/metrics/aggregate-requests.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { planMetricData } from '#shared/domain/metrics/plan-metric-data.ts';

/** Lines that were not counted, and where the first one is: a pointer, never its text. */
export type Rejects = Partial<Record<RejectReason, { readonly count: number; readonly firstEventId: string }>>;

/** What became of one envelope. */
export type IngestReport = {
  /** `repeated`: counted before, so not counted again. `control`: a probe without events. */
  readonly status: 'counted' | 'repeated' | 'control' | 'other-account';
  readonly events: number;
  readonly requests: number;
  /** Requests counted under the stage `unknown`. */
  readonly unidentified: number;
  readonly rejected: Rejects;
  readonly statuses: ReadonlyMap<number, number>;
  readonly metricCalls: number;
  /** Upper bound of the events that CloudWatch may have counted twice, because its answer was lost. */
  readonly possiblyRepeatedEvents: number;
  /** From the newest request to its arrival here; `null` without requests. */
  readonly ingestLagMs: number | null;
};

/** Which invocation asks, and until when it may work. */
export type Invocation = { readonly requestId: string; readonly deadlineMs: number };

type Dependencies = {
  readonly accountId: string;
  readonly decodePayload: DecodePayload;
  readonly readInventory: ReadInventory;
  readonly ledger: Ledger;
  readonly publishMetricData: PublishMetricData;
  readonly now: Now;
  readonly wait: Wait;
};

/**
 * Ages of a timestamp that CloudWatch takes.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html}
 */
const MAX_AGE_MS = 14 * 24 * 60 * 60_000;
const MAX_AHEAD_MS = 2 * 60 * 60_000;

/** Time kept back at the end of an invocation to write down how far it got. */
const RESERVE_MS = 2_000;
const MAX_UNKNOWN_ANSWERS = 3;
const FIRST_BACKOFF_MS = 200;

type Counted = {
  readonly aggregate: Aggregate;
  readonly rejected: Rejects;
  readonly requests: number;
  readonly unidentified: number;
  readonly newestMs: number;
};

type Plan = { readonly counted: Counted; readonly chunks: MetricDatum[][]; readonly hash: string };

function ageReason(timeMs: number, receivedAtMs: number): RejectReason | null {
  if (timeMs < receivedAtMs - MAX_AGE_MS) return 'too-old';
  return timeMs > receivedAtMs + MAX_AHEAD_MS ? 'too-new' : null;
}

function countEnvelope(
  envelope: Envelope,
  identify: ReturnType<typeof createIdentifyStage>,
  receivedAtMs: number,
): Counted {
  const aggregate = createAggregate();
  const rejected: Rejects = {};
  let requests = 0;
  let unidentified = 0;
  let newestMs = 0;
  for (const event of envelope.logEvents) {
    const line = parseAccessLog(event.message, event.timestamp);
    const reason = line.ok ? ageReason(line.request.timeMs, receivedAtMs) : line.reason;
    if (!line.ok || reason !== null) {
      const name = reason as RejectReason;
      rejected[name] = { count: (rejected[name]?.count ?? 0) + 1, firstEventId: rejected[name]?.firstEventId ?? event.id };
      continue;
    }
    const id = identify(line.request);
    if (id === UNKNOWN_STAGE) unidentified += 1;
    addRequest(aggregate, id, line.request);
    requests += 1;
    newestMs = Math.max(newestMs, line.request.timeMs);
  }
  return { aggregate, rejected, requests, unidentified, newestMs };
}

function ledgerKey({ owner, logGroup, logStream, logEvents }: Envelope): string {
  const parts = [owner, logGroup, logStream, logEvents[0]?.id, logEvents.at(-1)?.id, logEvents.length];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The most events that a chunk can stand for: those of the account's series, or of all its stages'. */
function eventsIn(chunk: readonly MetricDatum[]): number {
  const sums = { account: 0, stages: 0 };
  for (const { name, dimensions, values } of chunk) {
    if (name !== 'RequestCount') continue;
    sums[Object.keys(dimensions).length === 0 ? 'account' : 'stages'] += values[0] ?? 0;
  }
  return Math.max(sums.account, sums.stages);
}

function emptyReport(status: IngestReport['status'], events: number): IngestReport {
  return {
    status,
    events,
    requests: 0,
    unidentified: 0,
    rejected: {},
    statuses: new Map(),
    metricCalls: 0,
    possiblyRepeatedEvents: 0,
    ingestLagMs: null,
  };
}

type Sent = { readonly metricCalls: number; readonly possiblyRepeatedEvents: number };

/**
 * Sends the chunks that are not sent yet. CloudWatch cannot tell a repeated call from a new one, so each chunk is
 * sent again only when it was certainly not counted, or when nobody can know.
 */
async function sendChunks(
  chunks: readonly MetricDatum[][],
  { ledger, publishMetricData, now, wait }: Dependencies,
  key: string,
  invocation: Invocation,
  firstChunk: number,
): Promise<Sent> {
  let metricCalls = 0;
  let possiblyRepeatedEvents = 0;
  const { requestId } = invocation;
  for (let index = firstChunk; index < chunks.length; index += 1) {
    const chunk = chunks[index] ?? [];
    let backoffMs = FIRST_BACKOFF_MS;
    let unknownAnswers = 0;
    for (;;) {
      metricCalls += 1;
      const answer = await publishMetricData(chunk);
      if (answer === 'accepted') break;
      if (answer === 'unknown') {
        possiblyRepeatedEvents += eventsIn(chunk);
        unknownAnswers += 1;
      }
      if (unknownAnswers >= MAX_UNKNOWN_ANSWERS || now().getTime() + backoffMs > invocation.deadlineMs - RESERVE_MS) {
        await ledger.record({ key, requestId, chunksSent: index, status: 'stopped' });
        throw new Error(`CloudWatch did not take metric data: last answer ${answer}, chunk ${index + 1} of ${chunks.length}`);
      }
      await wait(backoffMs);
      backoffMs *= 2;
    }
    const isLast = index === chunks.length - 1;
    if (!isLast) await ledger.record({ key, requestId, chunksSent: index + 1, status: 'sending' });
  }
  await ledger.record({ key, requestId, chunksSent: chunks.length, status: 'done' });
  return { metricCalls, possiblyRepeatedEvents };
}

function resumeAt(answer: LedgerAnswer): number {
  return answer.status === 'resumed' ? answer.chunksSent : 0;
}

/** Events of the chunk that an earlier attempt may have sent before it was killed. */
function eventsInDoubt(answer: LedgerAnswer, chunks: readonly MetricDatum[][]): number {
  return answer.status === 'resumed' && answer.mayHaveSent ? eventsIn(chunks[answer.chunksSent] ?? []) : 0;
}

/**
 * Counts the requests of one subscription payload into CloudWatch metrics.
 *
 * @returns A use case that throws on malformed payloads and outages, so that the delivery is repeated
 */
export function createIngestAccessLogs(dependencies: Dependencies) {
  const { accountId, decodePayload, readInventory, ledger, now } = dependencies;

  async function planEnvelope(envelope: Envelope, receivedAtMs: number): Promise<Plan> {
    const identify = createIdentifyStage(envelope.logGroup, await readInventory());
    const counted = countEnvelope(envelope, identify, receivedAtMs);
    const chunks = planMetricData(counted.aggregate);
    return { counted, chunks, hash: createHash('sha256').update(JSON.stringify(chunks)).digest('hex') };
  }

  async function countOnce(envelope: Envelope, invocation: Invocation): Promise<IngestReport> {
    const events = envelope.logEvents.length;
    const receivedAtMs = now().getTime();
    const key = ledgerKey(envelope);
    let plan = await planEnvelope(envelope, receivedAtMs);
    const { requestId, deadlineMs } = invocation;
    const answer = await ledger.claim({ key, requestId, receivedAtMs, planHash: plan.hash, leaseUntilMs: deadlineMs });
    if (answer.status === 'done') return emptyReport('repeated', events);
    if (answer.status === 'leased') throw new Error('Another invocation is counting this envelope');
    if (answer.status === 'resumed') {
      plan = await planEnvelope(envelope, answer.receivedAtMs);
      if (plan.hash !== answer.planHash) {
        throw new Error('This envelope was begun by another version of the code or inventory; sending it again would count it twice');
      }
    }
    const { counted, chunks } = plan;
    const sent = await sendChunks(chunks, dependencies, key, invocation, resumeAt(answer));
    return {
      status: 'counted',
      events,
      requests: counted.requests,
      unidentified: counted.unidentified,
      rejected: counted.rejected,
      statuses: counted.aggregate.statuses,
      metricCalls: sent.metricCalls,
      possiblyRepeatedEvents: sent.possiblyRepeatedEvents + eventsInDoubt(answer, chunks),
      ingestLagMs: counted.requests === 0 ? null : Math.max(0, receivedAtMs - counted.newestMs),
    };
  }

  return async (data: string, invocation: Invocation): Promise<IngestReport> => {
    const parsed = parseEnvelope(await decodePayload(data));
    if (parsed.kind === 'control') return emptyReport('control', 0);
    if (parsed.kind === 'invalid') throw new Error(`Cannot read the subscription payload: ${parsed.reason}`);
    const { envelope } = parsed;
    if (envelope.owner !== accountId) return emptyReport('other-account', envelope.logEvents.length);
    return countOnce(envelope, invocation);
  };
}
