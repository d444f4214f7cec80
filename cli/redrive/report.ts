import type { LetterStack, QueueName } from '#cli/redrive/letter-stack.ts';
import type { HandledLetter, RedriveMode, RedriveReport } from '#shared/application/redrive-letters.ts';
import type { Letter } from '#shared/domain/dead-letters/letter.ts';
import type { PointerMessage } from '#shared/domain/dead-letters/pointer.ts';
import type { UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';

/** One queue, looked through. */
export type QueueRun = RedriveReport & { readonly queue: QueueName };

/** A run of `gatewatch redrive`. */
export type RedriveRun = {
  readonly region: string;
  readonly stack: LetterStack;
  readonly mode: RedriveMode;
  readonly reason: string | null;
  readonly queues: readonly QueueRun[];
  /** The options that said what the run is about, as they were given. */
  readonly given: readonly string[];
  readonly nowMs: number;
};

/** Letters of a queue that are alike. */
export type LetterGroup = Pick<Letter, 'kind' | 'functionName' | 'reason'> & {
  readonly outcome: HandledLetter['outcome'];
  readonly letters: number;
  /** When the oldest was put into the queue, epoch milliseconds. */
  readonly oldestMs: number;
};

/** Sums letters up by function, reason and what became of them, the most first. */
export function groupLetters(handled: readonly HandledLetter[]): LetterGroup[] {
  const groups = new Map<string, LetterGroup>();
  for (const { letter, sentAtMs, outcome } of handled) {
    const { kind, functionName, reason } = letter;
    const key = JSON.stringify([kind, functionName, reason, outcome]);
    const known = groups.get(key) ?? { kind, functionName, reason, outcome, letters: 0, oldestMs: sentAtMs };
    const oldestMs = Math.min(known.oldestMs, sentAtMs);
    groups.set(key, { ...known, letters: known.letters + 1, oldestMs });
  }
  return [...groups.values()].sort((a, b) => b.letters - a.letters);
}

/** The pointers among letters. */
export function pointersOf(handled: readonly HandledLetter[]): PointerMessage[] {
  return handled.flatMap(({ letter }) => (letter.kind === 'pointer' ? [letter.pointer] : []));
}

/** The refused messages among letters. */
export function undeliverableOf(handled: readonly HandledLetter[]): UndeliverableLetter[] {
  return handled.flatMap(({ letter }) => (letter.kind === 'undeliverable' ? [letter.message] : []));
}

/** How many letters had an outcome. */
export function countOutcome(queues: readonly QueueRun[], ...outcomes: HandledLetter['outcome'][]): number {
  return queues.flatMap(({ handled }) => handled).filter(({ outcome }) => outcomes.includes(outcome)).length;
}

const COMMANDS: Readonly<Record<RedriveMode, string>> = {
  list: 'dry-run',
  apply: 'apply',
  discard: 'discard',
};

/**
 * The document of `--json`: a public contract (docs/runbook.md).
 *
 * @param wordsFor - Puts an error into words
 */
export function redriveJson(
  { region, stack, mode, queues }: RedriveRun,
  wordsFor: (error: unknown) => string,
): object {
  return {
    schemaVersion: 1,
    command: COMMANDS[mode],
    accountId: stack.accountId,
    region,
    stack: stack.name,
    queues: queues.map(({ queue, handled, isComplete, errors }) => ({
      queue,
      letters: handled.length,
      isComplete,
      groups: groupLetters(handled).map(({ functionName, oldestMs, ...group }) => ({
        ...group,
        function: functionName,
        oldestAt: new Date(oldestMs).toISOString(),
      })),
      pointers: pointersOf(handled),
      undeliverable: undeliverableOf(handled),
      errors: [...new Set(errors.map(wordsFor))],
    })),
    redriven: countOutcome(queues, 'redriven'),
    discarded: countOutcome(queues, 'discarded'),
    failed: countOutcome(queues, 'failed'),
  };
}
