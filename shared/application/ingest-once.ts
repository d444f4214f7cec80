import { createHash } from 'node:crypto';
import type {
  DecodePayload,
  Ledger,
  LedgerAnswer,
  Now,
  PublishMetricData,
  Wait,
} from '#shared/application/ports.ts';
import { countEvents, sendMetricData } from '#shared/application/send-metric-data.ts';
import { type Envelope, parseEnvelope } from '#shared/domain/logs/envelope.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import type { Reject } from '#shared/domain/metrics/rejects.ts';

/** What became of one envelope. */
export type EnvelopeReport = {
  /** `repeated`: counted before, so not counted again. `control`: a probe without events. */
  readonly status: 'counted' | 'repeated' | 'control' | 'other-account';
  readonly events: number;
  readonly requests: number;
  readonly rejected: Readonly<Record<string, Reject>>;
  readonly metricCalls: number;
  /** Upper bound of the events that CloudWatch may have counted twice, because its answer was lost. */
  readonly possiblyRepeatedEvents: number;
  /** From the newest request to its arrival here; `null` without requests. */
  readonly ingestLagMs: number | null;
};

/** Which invocation asks, and until when it may work. */
export type Invocation = { readonly requestId: string; readonly deadlineMs: number };

/** What every ingest needs, whichever logs it reads. */
export type IngestDependencies = {
  readonly accountId: string;
  readonly decodePayload: DecodePayload;
  readonly ledger: Ledger;
  readonly publishMetricData: PublishMetricData;
  readonly now: Now;
  readonly wait: Wait;
};

type Counts = {
  readonly requests: number;
  readonly rejected: Readonly<Record<string, Reject>>;
  /** Time of the newest request, epoch milliseconds; 0 without requests. */
  readonly newestMs: number;
};

/** What the envelopes of one kind of log become. */
export type IngestKind<Counted extends Counts> = {
  /** Told apart in the ledger's keys; empty for access logs, whose keys came first. */
  readonly ledgerScope: readonly string[];
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

function emptyReport(status: EnvelopeReport['status'], events: number): EnvelopeReport {
  return {
    status,
    events,
    requests: 0,
    rejected: {},
    metricCalls: 0,
    possiblyRepeatedEvents: 0,
    ingestLagMs: null,
  };
}

type Resumed = Extract<LedgerAnswer, { status: 'resumed' }>;

/** The plan that an earlier attempt began: the same calls, or none can be left out safely. */
async function replan<Counted extends Counts>(
  envelope: Envelope,
  resumed: Resumed,
  plan: IngestKind<Counted>['plan'],
): Promise<PlannedEnvelope<Counted>> {
  const planned = await plan(envelope, resumed.receivedAtMs);
  if (sha256(planned.chunks) === resumed.planHash) return planned;
  throw new Error(
    'This envelope was begun by another version of the code or inventory; sending it again could count it twice',
  );
}

async function countOnce<Counted extends Counts>(
  envelope: Envelope,
  invocation: Invocation,
  { plan, ledgerScope }: IngestKind<Counted>,
  dependencies: IngestDependencies,
): Promise<Ingested<Counted>> {
  const { ledger, now } = dependencies;
  const { requestId, deadlineMs } = invocation;
  const receivedAtMs = now().getTime();
  const key = ledgerKey(envelope, ledgerScope);
  const fresh = await plan(envelope, receivedAtMs);
  const planHash = sha256(fresh.chunks);
  const answer = await ledger.claim({ key, requestId, receivedAtMs, planHash, leaseUntilMs: deadlineMs });
  const events = envelope.logEvents.count;
  if (answer.status === 'done') return { report: emptyReport('repeated', events), counted: null };
  if (answer.status === 'leased') throw new Error('Another invocation is counting this envelope');

  const isResumed = answer.status === 'resumed';
  const { counted, chunks } = isResumed ? await replan(envelope, answer, plan) : fresh;
  const firstChunk = isResumed ? answer.chunksSent : 0;
  // An attempt that was killed may have sent one more chunk than it could write down.
  const inDoubt = isResumed && answer.mayHaveSent ? countEvents(chunks[firstChunk] ?? []) : 0;
  const possiblyRepeatedEvents = inDoubt + (isResumed ? answer.possiblyRepeatedEvents : 0);
  const sent = await sendMetricData(
    { key, requestId, chunks, firstChunk, possiblyRepeatedEvents, deadlineMs },
    dependencies,
  );
  const { requests, rejected, newestMs } = counted;
  const ingestLagMs = requests === 0 ? null : Math.max(0, receivedAtMs - newestMs);
  return { report: { status: 'counted', events, requests, rejected, ...sent, ingestLagMs }, counted };
}

/**
 * Makes the ingest of one kind of log: it counts a subscription payload into CloudWatch metrics, once however often
 * it is delivered.
 *
 * @returns A use case that throws on malformed payloads and outages, so that the delivery is repeated
 */
export function createIngestOnce<Counted extends Counts>(
  kind: IngestKind<Counted>,
  dependencies: IngestDependencies,
) {
  const { accountId, decodePayload } = dependencies;
  return async (data: string, invocation: Invocation): Promise<Ingested<Counted>> => {
    const parsed = parseEnvelope(await decodePayload(data));
    if (parsed.kind === 'control') return { report: emptyReport('control', 0), counted: null };
    if (parsed.kind === 'invalid') throw new Error(`Cannot read the subscription payload: ${parsed.reason}`);
    const { envelope } = parsed;
    const events = envelope.logEvents.count;
    if (envelope.owner !== accountId) return { report: emptyReport('other-account', events), counted: null };
    return countOnce(envelope, invocation, kind, dependencies);
  };
}
