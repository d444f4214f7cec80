import type { FindSent, OutgoingMessage, Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';

type Found = Awaited<ReturnType<FindSent>>;

/** What a receiver was asked to do, in a few words: `post opened critical`, `edit`, `reply worse, in the channel`. */
function inWords(message: OutgoingMessage): string {
  const { step, summary } = message;
  const { announcement, severity, isRepeat } = summary;
  const marks = [
    ...(isRepeat ? ['maybe again'] : []),
    ...(message.step === 'reply' && message.isBroadcast ? ['in the channel'] : []),
  ];
  return [`${step} ${announcement} ${severity}`, ...marks].join(', ');
}

/** A receiver that answers as a test says, and else takes everything. */
export function createScriptedReceiver(differences: Partial<Receiver> = {}) {
  const calls: string[] = [];
  const messages: OutgoingMessage[] = [];
  const outcomes: SendOutcome[] = [];
  const searches: Parameters<FindSent>[0][] = [];
  const found: Found[] = [];
  const canEdit = differences.canEdit ?? true;
  let posts = 0;
  const receiver: Receiver = {
    canEdit,
    minSeverity: 'warning',
    intervalMs: 1_000,
    send: async (message) => {
      messages.push(message);
      calls.push(inWords(message));
      const outcome = outcomes.shift();
      if (outcome !== undefined) return outcome;
      if (message.step === 'post') posts += 1;
      return { type: 'sent', place: canEdit ? { channel: 'C1', ts: `${posts}.000` } : null };
    },
    find: canEdit
      ? async (sent) => {
          searches.push(sent);
          calls.push('find');
          return found.shift() ?? { type: 'not-found' };
        }
      : null,
    ...differences,
  };
  return { receiver, calls, messages, outcomes, searches, found };
}
