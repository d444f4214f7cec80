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
import { countEvents, sendMetricData } from '#shared/application/send-metric-data.ts';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { type Envelope, parseEnvelope } from '#shared/domain/logs/envelope.ts';
import { type CountedEnvelope, countEnvelope, type Rejects } from '#shared/domain/metrics/count-envelope.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { planMetricData } from '#shared/domain/metrics/plan-metric-data.ts';

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

type Plan = {
  readonly counted: CountedEnvelope;
  readonly chunks: readonly (readonly MetricDatum[])[];
  readonly hash: string;
};

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function ledgerKey({ owner, logGroup, logStream, logEvents }: Envelope): string {
  return sha256([owner, logGroup, logStream, logEvents[0]?.id, logEvents.at(-1)?.id, logEvents.length]);
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

async function planEnvelope(
  envelope: Envelope,
  receivedAtMs: number,
  readInventory: ReadInventory,
): Promise<Plan> {
  const identify = createIdentifyStage(envelope.logGroup, await readInventory());
  const counted = countEnvelope(envelope, identify, receivedAtMs);
  const chunks = planMetricData(counted.aggregate);
  return { counted, chunks, hash: sha256(chunks) };
}

type Resumed = Extract<LedgerAnswer, { status: 'resumed' }>;

/** The plan that an earlier attempt began: the same calls, or none can be left out safely. */
async function replan(envelope: Envelope, resumed: Resumed, readInventory: ReadInventory): Promise<Plan> {
  const plan = await planEnvelope(envelope, resumed.receivedAtMs, readInventory);
  if (plan.hash === resumed.planHash) return plan;
  throw new Error(
    'This envelope was begun by another version of the code or inventory; sending it again could count it twice',
  );
}

async function countOnce(
  envelope: Envelope,
  invocation: Invocation,
  dependencies: Dependencies,
): Promise<IngestReport> {
  const { readInventory, ledger, now } = dependencies;
  const { requestId, deadlineMs } = invocation;
  const receivedAtMs = now().getTime();
  const key = ledgerKey(envelope);
  const fresh = await planEnvelope(envelope, receivedAtMs, readInventory);
  const answer = await ledger.claim({
    key,
    requestId,
    receivedAtMs,
    planHash: fresh.hash,
    leaseUntilMs: deadlineMs,
  });
  if (answer.status === 'done') return emptyReport('repeated', envelope.logEvents.length);
  if (answer.status === 'leased') throw new Error('Another invocation is counting this envelope');

  const isResumed = answer.status === 'resumed';
  const { counted, chunks } = isResumed ? await replan(envelope, answer, readInventory) : fresh;
  const firstChunk = isResumed ? answer.chunksSent : 0;
  // An attempt that was killed may have sent one more chunk than it could write down.
  const inDoubt = isResumed && answer.mayHaveSent ? countEvents(chunks[firstChunk] ?? []) : 0;
  const possiblyRepeatedEvents = inDoubt + (isResumed ? answer.possiblyRepeatedEvents : 0);
  const sent = await sendMetricData(
    { key, requestId, chunks, firstChunk, possiblyRepeatedEvents, deadlineMs },
    dependencies,
  );
  const { requests, unidentified, rejected, aggregate, newestMs } = counted;
  return {
    status: 'counted',
    events: envelope.logEvents.length,
    requests,
    unidentified,
    rejected,
    statuses: aggregate.statuses,
    metricCalls: sent.metricCalls,
    possiblyRepeatedEvents: sent.possiblyRepeatedEvents,
    ingestLagMs: requests === 0 ? null : Math.max(0, receivedAtMs - newestMs),
  };
}

/**
 * Counts the requests of one subscription payload into CloudWatch metrics, once however often it is delivered.
 *
 * @returns A use case that throws on malformed payloads and outages, so that the delivery is repeated
 */
export function createIngestAccessLogs(dependencies: Dependencies) {
  const { accountId, decodePayload } = dependencies;
  return async (data: string, invocation: Invocation): Promise<IngestReport> => {
    const parsed = parseEnvelope(await decodePayload(data));
    if (parsed.kind === 'control') return emptyReport('control', 0);
    if (parsed.kind === 'invalid') throw new Error(`Cannot read the subscription payload: ${parsed.reason}`);
    const { envelope } = parsed;
    if (envelope.owner !== accountId) return emptyReport('other-account', envelope.logEvents.length);
    return countOnce(envelope, invocation, dependencies);
  };
}
