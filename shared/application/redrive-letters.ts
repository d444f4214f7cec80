import type { InvokeLater, LetterQueue, ReceivedLetter } from '#shared/application/letter-ports.ts';
import type { Now } from '#shared/application/ports.ts';
import { canBeDiscarded, canBeRedriven, type Letter } from '#shared/domain/dead-letters/letter.ts';

/** `list` changes nothing; `apply` tries again what can be; `discard` deletes pointers and refused messages. */
export type RedriveMode = 'list' | 'apply' | 'discard';

/** A letter that was looked at, when it was sent, and what was done with it. */
export type HandledLetter = {
  readonly letter: Letter;
  readonly sentAtMs: number;
  /**
   * `kept`: nothing was to be done; `redriven`, `discarded`: it is gone from the queue; `foreign`: its function is not
   * this stack's, so nothing was done; `failed`: it is still there.
   */
  readonly outcome: 'kept' | 'redriven' | 'discarded' | 'foreign' | 'failed';
};

/** What a run came to. */
export type RedriveReport = {
  readonly handled: readonly HandledLetter[];
  /** False if there may be more: it stopped at its bound, or after too many failures. */
  readonly isComplete: boolean;
  /** Why letters failed, or stay hidden for two minutes. */
  readonly errors: readonly unknown[];
};

type Dependencies = {
  readonly letters: LetterQueue;
  /** Where parked calls wait for CloudWatch. */
  readonly parkedMetrics: Pick<LetterQueue, 'send'>;
  readonly invokeLater: InvokeLater;
  readonly parseLetter: (body: string) => Letter;
  /** The event that tries a letter of kind `batch` or `undeliverable` again, as JSON. */
  readonly eventOf: (body: string) => string;
  /** ARNs of the functions that may be invoked, by their names. */
  readonly functions: ReadonlyMap<string, string>;
  /** Takes what asks for a refused message to be tried again. */
  readonly dispatchArn: string;
  readonly now: Now;
};

/** What to do, and with which letters. */
export type RedriveRequest = {
  readonly mode: RedriveMode;
  /** Only letters with this reason; `null` for all. */
  readonly reason: string | null;
  /** How many letters are looked at, at most. */
  readonly maxLetters: number;
};

/** An outage fails every letter: no need to try a thousand. */
const MAX_FAILURES_IN_A_ROW = 5;
const RELEASES_AT_ONCE = 10;

/** Puts one letter back on its way, and only then takes it out of the queue: what is handed over twice counts once. */
async function redrive(
  received: ReceivedLetter,
  letter: Letter,
  { letters, parkedMetrics, invokeLater, eventOf, functions, dispatchArn }: Dependencies,
): Promise<HandledLetter['outcome']> {
  if (letter.kind === 'parked') await parkedMetrics.send(received.body);
  else {
    const arn = letter.kind === 'undeliverable' ? dispatchArn : functions.get(letter.functionName);
    if (arn === undefined) return 'foreign';
    await invokeLater(arn, eventOf(received.body));
  }
  await letters.remove(received);
  return 'redriven';
}

async function handle(
  received: ReceivedLetter,
  letter: Letter,
  { mode, reason }: RedriveRequest,
  dependencies: Dependencies,
): Promise<HandledLetter['outcome']> {
  if (reason !== null && letter.reason !== reason) return 'kept';
  if (mode === 'apply' && canBeRedriven(letter)) return redrive(received, letter, dependencies);
  if (mode === 'discard' && canBeDiscarded(letter)) {
    await dependencies.letters.remove(received);
    return 'discarded';
  }
  return 'kept';
}

type Walk = {
  readonly seen: Set<string>;
  readonly held: ReceivedLetter[];
  readonly handled: HandledLetter[];
  readonly errors: unknown[];
  failuresInARow: number;
};

async function visit(
  received: ReceivedLetter,
  request: RedriveRequest,
  dependencies: Dependencies,
  walk: Walk,
): Promise<void> {
  const letter = dependencies.parseLetter(received.body);
  let outcome: HandledLetter['outcome'];
  try {
    outcome = await handle(received, letter, request, dependencies);
    walk.failuresInARow = 0;
  } catch (error) {
    outcome = 'failed';
    walk.errors.push(error);
    walk.failuresInARow += 1;
  }
  walk.handled.push({ letter, sentAtMs: received.sentAtMs, outcome });
  if (outcome !== 'redriven' && outcome !== 'discarded') walk.held.push(received);
}

/** @returns Whether there are no more letters, as far as one can know */
async function visitAll(request: RedriveRequest, dependencies: Dependencies, walk: Walk): Promise<boolean> {
  const startedMs = dependencies.now().getTime();
  for (;;) {
    const batch = await dependencies.letters.receive();
    // What failed anew since the start is for the next run, and so is what was seen and has come back.
    const unseen = batch.filter(({ id }) => !walk.seen.has(id));
    if (unseen.length === 0) {
      walk.held.push(...batch);
      return true;
    }
    for (const received of batch) {
      const isDue = unseen.includes(received) && received.sentAtMs < startedMs;
      const isOver =
        walk.handled.length >= request.maxLetters || walk.failuresInARow >= MAX_FAILURES_IN_A_ROW;
      if (isDue && isOver) {
        walk.held.push(...batch.slice(batch.indexOf(received)));
        return false;
      }
      walk.seen.add(received.id);
      if (isDue) await visit(received, request, dependencies, walk);
      else walk.held.push(received);
    }
  }
}

/**
 * Some at once: a thousand one by one would take longer than they are hidden. One that cannot be released is back by
 * itself, later, so the others and the report go first.
 */
async function releaseAll({ held, errors }: Walk, letters: LetterQueue): Promise<void> {
  for (let start = 0; start < held.length; start += RELEASES_AT_ONCE) {
    const some = held.slice(start, start + RELEASES_AT_ONCE);
    const results = await Promise.allSettled(some.map((letter) => letters.release(letter)));
    for (const result of results) if (result.status === 'rejected') errors.push(result.reason);
  }
}

/**
 * Makes the look through one queue of dead letters. What it does not take out of the queue can be received by others
 * at once when it ends. It can be run again at any time: each letter is dealt with on its own.
 *
 * @returns A use case that throws if the queue cannot be read
 */
export function createRedriveLetters(dependencies: Dependencies) {
  return async (request: RedriveRequest): Promise<RedriveReport> => {
    const walk: Walk = { seen: new Set(), held: [], handled: [], errors: [], failuresInARow: 0 };
    try {
      const isComplete = await visitAll(request, dependencies, walk);
      return { handled: walk.handled, isComplete, errors: walk.errors };
    } finally {
      await releaseAll(walk, dependencies.letters);
    }
  };
}
