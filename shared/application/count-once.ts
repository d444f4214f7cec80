import { createHash } from 'node:crypto';
import { type EnvelopeReport, emptyReport } from '#shared/application/envelope-report.ts';
import { EnvelopeLeasedError, MetricDataNotTakenError } from '#shared/application/ingest-errors.ts';
import { type KeepPoison, keepChangedPlan, keepRefusedChunk } from '#shared/application/keep-poison.ts';
import { EMPTY_TALLY, type LedgerAnswer } from '#shared/application/ledger-ports.ts';
import type { ParkChunk } from '#shared/application/letter-ports.ts';
import type { DecodePayload } from '#shared/application/ports.ts';
import {
  type SendDependencies,
  type ShipmentReport,
  sendMetricData,
} from '#shared/application/send-metric-data.ts';
import { rangeOf } from '#shared/domain/dead-letters/pointer.ts';
import type { GroupRefusal } from '#shared/domain/logs/access/judge-access-log-group.ts';
import type { Envelope } from '#shared/domain/logs/payload/envelope.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import type { Reject } from '#shared/domain/metrics/rejects.ts';

/** Which invocation asks, and until when it may work. */
export type Invocation = { readonly requestId: string; readonly deadlineMs: number };

/** What every ingest needs, whichever logs it reads. */
export type IngestDependencies = SendDependencies &
  KeepPoison & {
    readonly accountId: string;
    readonly decodePayload: DecodePayload;
    readonly parkChunk: ParkChunk;
  };

/** What counting tells, whichever logs were counted. */
export type Counts = {
  readonly requests: number;
  readonly rejected: Readonly<Record<string, Reject>>;
  /** Time of the newest request, epoch milliseconds; 0 without requests. */
  readonly newestMs: number;
};

/** What the envelopes of one kind of log become. */
export type IngestKind<Counted extends Counts> = {
  /** Told apart in the ledger's keys; empty for access logs, whose keys came first. */
  readonly ledgerScope: readonly string[];
  /** Why the events of a log group are none of this kind, all of them; `null` if they may be. */
  readonly refuse: (logGroup: string) => Promise<GroupRefusal | null>;
  /** Counts an envelope, and nothing else: the same envelope and time give the same calls. */
  readonly plan: (envelope: Envelope, receivedAtMs: number) => Promise<PlannedEnvelope<Counted>>;
};

/** An envelope, counted, and the PutMetricData calls of it. */
export type PlannedEnvelope<Counted extends Counts> = {
  readonly counted: Counted;
  readonly chunks: readonly (readonly MetricDatum[])[];
};

/** The report, and what was counted now; `null` if nothing was. */
export type Ingested<Counted extends Counts> = {
  readonly report: EnvelopeReport;
  readonly counted: Counted | null;
};

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function ledgerKey({ owner, logGroup, logStream, logEvents }: Envelope, scope: readonly string[]): string {
  return sha256([
    ...scope,
    owner,
    logGroup,
    logStream,
    logEvents.count === 0 ? undefined : logEvents.id(0),
    logEvents.count === 0 ? undefined : logEvents.id(logEvents.count - 1),
    logEvents.count,
  ]);
}

/** An envelope that this attempt may send, and how far earlier ones got. */
type Claimed<Counted extends Counts> = PlannedEnvelope<Counted> & {
  readonly key: string;
  readonly receivedAtMs: number;
  readonly planHash: string;
  readonly answer: Extract<LedgerAnswer, { status: 'claimed' | 'resumed' }>;
};

/** Rejects of the lines, and of data that could not be sent. */
function allRejected(
  envelope: Envelope,
  rejected: Counts['rejected'],
  { tooOldEvents, refusedEvents }: ShipmentReport,
): Record<string, Reject> {
  const all: Record<string, Reject> = { ...rejected };
  const add = (reason: string, count: number): void => {
    const known = all[reason] ?? { count: 0, firstEventId: rangeOf(envelope).firstEventId };
    if (count > 0) all[reason] = { ...known, count: known.count + count };
  };
  add('too-old', tooOldEvents);
  add('poison-refused-data', refusedEvents);
  return all;
}

async function send<Counted extends Counts>(
  envelope: Envelope,
  invocation: Invocation,
  { key, receivedAtMs, planHash, answer, counted, chunks }: Claimed<Counted>,
  dependencies: IngestDependencies,
): Promise<Ingested<Counted>> {
  const { requestId, deadlineMs } = invocation;
  const begun = { chunksSent: 0, mayHaveSent: false, isParking: false, ...EMPTY_TALLY, ...answer };
  const { chunksSent: firstChunk, mayHaveSent, isParking, ...earlier } = begun;
  const where = { key, requestId, receivedAtMs, envelope, chunks: chunks.length };
  const shipment = await sendMetricData(
    {
      ...{ key, requestId, deadlineMs, chunks, firstChunk, mayHaveSent, isParking, earlier },
      keepRefused: (chunkIndex, events) => keepRefusedChunk({ ...where, chunkIndex, events }, dependencies),
      park: (chunkIndex) => {
        const data = chunks[chunkIndex] ?? [];
        return dependencies.parkChunk({ key, chunkIndex, planHash, receivedAtMs, data });
      },
    },
    dependencies,
  );
  const { metricCalls, parkedCalls } = shipment;
  if (shipment.status === 'stopped')
    throw new MetricDataNotTakenError(
      `CloudWatch did not take metric data in time: ${metricCalls} calls for ${chunks.length} chunks`,
    );
  const { requests, newestMs } = counted;
  const report: EnvelopeReport = {
    ...{ status: 'counted', events: envelope.logEvents.count, requests, metricCalls, parkedCalls },
    rejected: allRejected(envelope, counted.rejected, shipment),
    possiblyRepeatedEvents: shipment.possiblyRepeatedEvents,
    ingestLagMs: requests === 0 ? null : Math.max(0, receivedAtMs - newestMs),
  };
  return { report, counted };
}

/**
 * An envelope that an earlier attempt began, and that would become other calls now: which of them are new, nobody can
 * tell. It is given up, and done: a repeated delivery must not tell of it again.
 */
async function giveUp(
  envelope: Envelope,
  { requestId, deadlineMs: leaseUntilMs }: Invocation,
  { key, answer, chunks }: { key: string; answer: Resumed; chunks: number },
  dependencies: IngestDependencies,
): Promise<EnvelopeReport> {
  const { receivedAtMs, chunksSent, possiblyRepeatedEvents, tooOldEvents, refusedEvents } = answer;
  await keepChangedPlan({ key, requestId, receivedAtMs, envelope, chunks, chunksSent }, dependencies);
  const tally = { possiblyRepeatedEvents, tooOldEvents, refusedEvents };
  const progress = { chunksSent, status: 'done', isParking: false } as const;
  await dependencies.ledger.record({ key, requestId, leaseUntilMs, ...tally, ...progress });
  const count = envelope.logEvents.count;
  const rejected = { 'poison-plan-changed': { count, firstEventId: rangeOf(envelope).firstEventId } };
  return { ...emptyReport('poison', count), rejected };
}

type Resumed = Extract<LedgerAnswer, { status: 'resumed' }>;

/**
 * Counts an envelope unless it was counted before.
 *
 * @throws {Error} On an outage, and while another invocation counts it
 */
export async function countOnce<Counted extends Counts>(
  envelope: Envelope,
  invocation: Invocation,
  { plan, ledgerScope }: IngestKind<Counted>,
  dependencies: IngestDependencies,
): Promise<Ingested<Counted>> {
  const { ledger, now } = dependencies;
  const { requestId, deadlineMs: leaseUntilMs } = invocation;
  const receivedAtMs = now().getTime();
  const key = ledgerKey(envelope, ledgerScope);
  const fresh = await plan(envelope, receivedAtMs);
  const planHash = sha256(fresh.chunks);
  const answer = await ledger.claim({ key, requestId, receivedAtMs, planHash, leaseUntilMs });
  if (answer.status === 'done')
    return { report: emptyReport('repeated', envelope.logEvents.count), counted: null };
  if (answer.status === 'leased')
    throw new EnvelopeLeasedError('Another invocation is counting this envelope');
  if (answer.status === 'claimed')
    return send(envelope, invocation, { ...fresh, key, receivedAtMs, planHash, answer }, dependencies);
  const again = await plan(envelope, answer.receivedAtMs);
  if (sha256(again.chunks) !== answer.planHash) {
    const report = await giveUp(
      envelope,
      invocation,
      { key, answer, chunks: again.chunks.length },
      dependencies,
    );
    return { report, counted: null };
  }
  return send(envelope, invocation, { ...again, key, answer, ...answer }, dependencies);
}
