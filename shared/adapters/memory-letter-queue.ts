import type { LetterQueue, ReceivedLetter } from '#shared/application/letter-ports.ts';
import type { Now } from '#shared/application/ports.ts';

const MESSAGES_PER_CALL = 10;
const HIDDEN_MS = 120_000;

type Kept = Pick<ReceivedLetter, 'id' | 'body' | 'sentAtMs'> & { receives: number; visibleFromMs: number };

/** A queue that forgets everything with the process. */
export function createMemoryLetterQueue(now: Now): LetterQueue {
  const kept = new Map<string, Kept>();
  let sent = 0;
  /** The message that a receipt is still good for. */
  const held = ({ id, receipt }: ReceivedLetter): Kept | undefined => {
    const letter = kept.get(id);
    return letter !== undefined && receipt === `${id} ${letter.receives}` ? letter : undefined;
  };
  return {
    send: async (body) => {
      sent += 1;
      const nowMs = now().getTime();
      kept.set(`${sent}`, { id: `${sent}`, body, sentAtMs: nowMs, receives: 0, visibleFromMs: nowMs });
    },
    receive: async () => {
      const nowMs = now().getTime();
      const visible = [...kept.values()].filter(({ visibleFromMs }) => visibleFromMs <= nowMs);
      return visible.slice(0, MESSAGES_PER_CALL).map((letter) => {
        letter.receives += 1;
        letter.visibleFromMs = nowMs + HIDDEN_MS;
        const { id, body, sentAtMs, receives } = letter;
        return { id, body, sentAtMs, receipt: `${id} ${receives}` };
      });
    },
    release: async (letter) => {
      const message = held(letter);
      if (message !== undefined) message.visibleFromMs = now().getTime();
    },
    remove: async (letter) => {
      if (held(letter) !== undefined) kept.delete(letter.id);
    },
  };
}
