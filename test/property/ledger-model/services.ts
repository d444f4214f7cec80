import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { decodeParkedChunk, encodeParkedChunk } from '#shared/adapters/parked-chunk-message.ts';
import type { Ledger, LedgerAnswer, LedgerClaim } from '#shared/application/ledger-ports.ts';
import type { KeepPointer, ParkChunk } from '#shared/application/letter-ports.ts';
import type { PublishMetricData } from '#shared/application/ports.ts';
import type { Pointer } from '#shared/domain/dead-letters/pointer.ts';
import type { Books } from '#test/property/ledger-model/books.ts';
import type { Clock, Process } from '#test/property/ledger-model/clock.ts';
import { type FateDealer, NoAnswer, Refused } from '#test/property/ledger-model/fates.ts';

/** Which call of which envelope: the dimensions of its data say so. */
export type CallId = { readonly envelope: number; readonly chunk: number };

/** CloudWatch, DynamoDB and SQS, with what they hold, and what an outsider writes down of it. */
export type Services = {
  readonly publishMetricData: (process: Process) => PublishMetricData;
  readonly ledger: (process: Process) => Ledger;
  readonly parkChunk: (process: Process) => ParkChunk;
  readonly keepPointer: (process: Process) => KeepPointer;
  /** Messages that wait in the queue. */
  readonly parked: string[];
};

/** What the ledger was last told of one of its items, and by whom: the call that is on its way to CloudWatch, if any. */
type Told = { readonly sending: number | null; readonly version: number; readonly process: Process };

/** What the services have to know of the envelopes. */
export type Ground = {
  readonly clock: Clock;
  readonly dealer: FateDealer;
  readonly books: readonly Books[];
  /** Which call a ledger key and an index stand for; `null` for none. */
  readonly callOf: (key: string, chunk: number) => CallId | null;
  /** Which version of the code plans an envelope now. */
  readonly versionOf: (key: string) => number;
};

function idOf(dimensions: Readonly<Record<string, string>>): CallId {
  return { envelope: Number(dimensions['Envelope']), chunk: Number(dimensions['Chunk']) };
}

/** What CloudWatch says to a call that it did not do. */
function answerOf(error: unknown, chunk: number, { counted, doubts, invalid }: Books) {
  if (error instanceof NoAnswer) {
    doubts[chunk] = (doubts[chunk] ?? 0) + 1;
    return 'unknown';
  }
  if (!(error instanceof Refused)) throw error;
  if (error.fate === 'throttle') return 'not-counted';
  if (error.fate !== 'refuse') throw error;
  // Invalid data is so from the beginning; what was counted was valid.
  if ((counted[chunk] ?? 0) === 0) invalid.add(chunk);
  return invalid.has(chunk) ? 'refused' : 'not-counted';
}

function createCloudWatch({ dealer, books }: Ground): Services['publishMetricData'] {
  return (process) => async (data) => {
    const { envelope, chunk } = idOf(data[0]?.dimensions ?? {});
    const page = books[envelope] as Books;
    const count = async (): Promise<void> => {
      if (page.invalid.has(chunk)) throw new Refused('refuse');
      page.counted[chunk] = (page.counted[chunk] ?? 0) + 1;
    };
    try {
      await dealer.call(process, 'cloudwatch', count);
      return 'accepted';
    } catch (error) {
      return answerOf(error, chunk, page);
    }
  };
}

/** The call that a claim takes over from somebody who was sending it, and is gone without a word; `null` for none. */
function takenOver(
  { key }: LedgerClaim,
  answer: LedgerAnswer,
  before: Told | undefined,
  ground: Ground,
): CallId | null {
  if (answer.status !== 'resumed' || before?.sending == null) return null;
  // Who could speak would have said that nothing is in doubt.
  if (!before.process.isDead && !before.process.isMute) return null;
  // What was planned by other code is given up, and not sent again.
  return before.version === ground.versionOf(key) ? ground.callOf(key, before.sending) : null;
}

function createWatchedLedger(ground: Ground): Services['ledger'] {
  const { clock, dealer, books, versionOf } = ground;
  const memory = createMemoryLedger(() => new Date(clock.nowMs));
  const told = new Map<string, Told>();
  const claims = new Map<LedgerClaim, { answer: LedgerAnswer; before: Told | undefined }>();

  async function claim(
    process: Process,
    wanted: LedgerClaim,
  ): Promise<{ answer: LedgerAnswer; before: Told | undefined }> {
    const own = claims.get(wanted);
    // The SDK repeats it: the ledger knows its own first claim again, but not the item that a claim took over.
    if (own?.answer.status === 'claimed') return own;
    if (own?.answer.status === 'resumed') process.isMute = true;
    const before = told.get(wanted.key);
    const answer = await memory.claim(wanted);
    claims.set(wanted, { answer, before });
    const { key } = wanted;
    if (answer.status === 'claimed') told.set(key, { sending: 0, version: versionOf(key), process });
    if (answer.status === 'resumed') {
      const sending = answer.isParking ? null : answer.chunksSent;
      told.set(key, { sending, version: before?.version ?? 0, process });
    }
    return { answer, before };
  }

  async function orMute<T>(process: Process, call: () => Promise<T>): Promise<T> {
    try {
      return await dealer.call(process, 'dynamodb', call);
    } catch (error) {
      process.isMute = true;
      throw error;
    }
  }

  return (process) => ({
    claim: async (wanted) => {
      const { answer, before } = await orMute(process, () => claim(process, wanted));
      const call = takenOver(wanted, answer, before, ground);
      const doubts = books[call?.envelope ?? -1]?.doubts;
      if (call !== null && doubts !== undefined) doubts[call.chunk] = (doubts[call.chunk] ?? 0) + 1;
      return answer;
    },
    record: (progress) =>
      orMute(process, async () => {
        await memory.record(progress);
        const isSending = progress.status === 'sending' && !progress.isParking;
        const version = told.get(progress.key)?.version ?? 0;
        told.set(progress.key, { sending: isSending ? progress.chunksSent : null, version, process });
      }),
  });
}

function writeDown({ ledgerKey, reason, chunksSent }: Pointer, { books, callOf }: Ground): void {
  const call = callOf(ledgerKey ?? '', chunksSent ?? 0);
  const page = books[call?.envelope ?? -1];
  if (call === null || page === undefined) throw new Error(`A pointer to nothing: ${reason}`);
  if (reason === 'poison-plan-changed') page.isGivenUp = true;
  else page.pointedTo.add(call.chunk);
}

/** Makes the services of one history. */
export function createServices(ground: Ground): Services {
  const parked: string[] = [];
  return {
    parked,
    publishMetricData: createCloudWatch(ground),
    ledger: createWatchedLedger(ground),
    keepPointer: (process) => (pointer) =>
      ground.dealer.call(process, 'sqs', async () => writeDown(pointer, ground)),
    parkChunk: (process) => (chunk) =>
      ground.dealer.call(process, 'sqs', async () => {
        const message = encodeParkedChunk(chunk);
        if (decodeParkedChunk(message) === null) throw new Error('A parked call cannot be read back');
        parked.push(message);
        return true;
      }),
  };
}
