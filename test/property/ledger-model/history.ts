import { decodeParkedChunk } from '#shared/adapters/parked-chunk-message.ts';
import type { Counts } from '#shared/application/count-once.ts';
import { createIngestOnce } from '#shared/application/ingest-once.ts';
import { createSendParkedMetrics } from '#shared/application/send-parked-metrics.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { type Books, createBooks, findFault } from '#test/property/ledger-model/books.ts';
import { type Clock, type Process, stayAlive } from '#test/property/ledger-model/clock.ts';
import { createFateDealer } from '#test/property/ledger-model/fates.ts';
import { type CallId, createServices } from '#test/property/ledger-model/services.ts';
import type { Action, Ending, History } from '#test/property/ledger-model/told-history.ts';

type Delivery = Extract<Action, { do: 'deliver' }>;

type Request = { readonly id: string; readonly envelope: number; attempts: number };

const START_MS = Date.parse('2026-03-02T14:00:00Z');
const ACCOUNT_ID = '123456789012';
const INGEST_MS = 12_000;
const CONSUMER_MS = 8_000;
/** Lambda repeats after a minute, when the lease is over. */
const REPEAT_MS = 61_000;
const MAX_ATTEMPTS = 3;
const MAX_ROUNDS = 30;

function payloadOf(envelope: number): string {
  const logEvents = [{ id: String(envelope), timestamp: START_MS, message: '' }];
  return JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: ACCOUNT_ID,
    logGroup: 'any',
    logStream: String(envelope),
    logEvents,
  });
}

function planOf(sizes: readonly number[], envelope: number, version: number): MetricDatum[][] {
  return sizes.map((size, chunk) => [
    {
      name: 'RequestCount',
      dimensions: { Envelope: String(envelope), Chunk: String(chunk), Version: String(version) },
      timestampMs: START_MS,
      unit: 'Count',
      resolutionSeconds: 1,
      values: [size],
      counts: [1],
    },
  ]);
}

/** Runs a history through the code that the functions run, and then until nothing is left to do. */
export async function runHistory({ sizes, actions, fates }: History): Promise<Ending> {
  const clock: Clock = { nowMs: START_MS };
  const dealer = createFateDealer(fates, clock);
  const books = sizes.map((chunks) => createBooks(chunks.length));
  const versions = sizes.map(() => 0);
  const keys = new Map<string, number>();
  const seen = new Set<string>();
  const callOf = (key: string, chunk: number): CallId | null => {
    const [envelopeKey = '', parkedChunk] = key.split('#');
    const envelope = keys.get(envelopeKey);
    if (envelope === undefined) return null;
    const place =
      parkedChunk === undefined
        ? chunk
        : chunk === 0 || chunk === Number(parkedChunk)
          ? Number(parkedChunk)
          : -1;
    return sizes[envelope]?.[place] === undefined ? null : { envelope, chunk: place };
  };
  const versionOf = (key: string): number => (key.includes('#') ? 0 : (versions[keys.get(key) ?? 0] ?? 0));
  const services = createServices({ clock, dealer, books, callOf, versionOf });
  const pending: Request[] = [];
  const dead: Request[] = [];
  let requests = 0;

  function portsOf(process: Process, envelope: number) {
    const ledger = services.ledger(process);
    return {
      ledger: {
        ...ledger,
        claim: (claim: Parameters<typeof ledger.claim>[0]) => {
          if (!claim.key.includes('#')) keys.set(claim.key, envelope);
          return ledger.claim(claim);
        },
      },
      publishMetricData: services.publishMetricData(process),
      keepPointer: services.keepPointer(process),
      recordDoubt: (events: number) => {
        (books[envelope] as Books).stated += events;
      },
      now: () => new Date(clock.nowMs),
      wait: async (milliseconds: number) => {
        clock.nowMs += milliseconds;
        stayAlive(process, clock);
      },
    };
  }

  function start(requestId: string, lastsMs: number): Process {
    return { requestId, deadlineMs: clock.nowMs + lastsMs, isDead: false, isMute: false };
  }

  async function attempt(request: Request): Promise<void> {
    const { envelope, id } = request;
    const process = start(id, INGEST_MS);
    const ingest = createIngestOnce<Counts>(
      {
        ledgerScope: [],
        refuse: async () => null,
        plan: async () => ({
          counted: { requests: 1, rejected: {}, newestMs: START_MS },
          chunks: planOf(sizes[envelope] ?? [], envelope, versions[envelope] ?? 0),
        }),
      },
      {
        ...portsOf(process, envelope),
        accountId: ACCOUNT_ID,
        decodePayload: async (data) => Buffer.from(data),
        parkChunk: services.parkChunk(process),
      },
    );
    try {
      const { report } = await ingest(payloadOf(envelope), process);
      seen.add(report.status);
      if (report.parkedCalls > 0) seen.add('parked');
    } catch {
      request.attempts += 1;
      (request.attempts < MAX_ATTEMPTS ? pending : dead).push(request);
      seen.add(request.attempts < MAX_ATTEMPTS ? 'failed' : 'dead');
    }
  }

  function request(envelope: number): Request {
    requests += 1;
    return { id: `request-${requests}`, envelope, attempts: 0 };
  }

  async function consume(place: number, isKept: boolean): Promise<void> {
    const index = place % Math.max(1, services.parked.length);
    const [message] = services.parked.splice(index, 1);
    if (message === undefined) return;
    const chunk = decodeParkedChunk(message);
    const envelope = keys.get(chunk?.key ?? '') ?? 0;
    requests += 1;
    const process = start(`consumer-${requests}`, CONSUMER_MS);
    const sendParked = createSendParkedMetrics({ ...portsOf(process, envelope), decodeParkedChunk });
    const isDone = await sendParked(message, process).then(
      ({ status }) => {
        seen.add(`parked ${status}`);
        return status !== 'put-off';
      },
      () => false,
    );
    if (!isDone || isKept) services.parked.push(message);
  }

  async function redrive(): Promise<void> {
    for (const { envelope } of dead.splice(0)) {
      seen.add('redriven');
      await attempt(request(envelope));
    }
  }

  async function deliver(envelope: number, copy: Delivery['copy']): Promise<void> {
    const first = request(envelope);
    const second = copy === 'same-request' ? { ...first } : request(envelope);
    await Promise.all([first, ...(copy === 'none' ? [] : [second])].map(attempt));
  }

  async function repeat(isLate: boolean): Promise<void> {
    if (isLate) clock.nowMs += REPEAT_MS;
    const [next] = pending.splice(0, 1);
    if (next !== undefined) await attempt(next);
  }

  async function act(action: Action): Promise<void> {
    if (action.do === 'deliver') return deliver(action.envelope % sizes.length, action.copy);
    if (action.do === 'repeat') return repeat(action.isLate);
    if (action.do === 'consume') return consume(action.place, action.isKept);
    if (action.do === 'redrive') return redrive();
    const envelope = action.envelope % sizes.length;
    versions[envelope] = (versions[envelope] ?? 0) + 1;
  }

  // Every envelope comes at least once.
  for (const [envelope] of sizes.entries()) await attempt(request(envelope));
  for (const action of actions) await act(action);
  dealer.end();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    clock.nowMs += REPEAT_MS;
    for (const next of pending.splice(0)) await attempt(next);
    await redrive();
    for (let left = services.parked.length; left > 0; left -= 1) await consume(0, false);
  }
  const isOver = pending.length + dead.length + services.parked.length === 0;
  const faults = books.map((page, envelope) => findFault(page, sizes[envelope] ?? []));
  const fault = isOver ? (faults.find((found) => found !== null) ?? null) : 'it never ends';
  return { fault, books, dealt: dealer.dealt, seen };
}
