import { beforeEach, describe, expect, it } from 'vitest';
import type { LetterQueue } from '#shared/application/letter-ports.ts';
import type { Now } from '#shared/application/ports.ts';

const START_MS = Date.parse('2026-03-02T14:00:00Z');
const HIDDEN_MS = 120_000;

/**
 * What every queue of letters does.
 *
 * @param createQueue - Makes an empty queue that reads the given clock
 */
export function describeLetterQueue(
  name: string,
  createQueue: (now: Now) => LetterQueue | Promise<LetterQueue>,
): void {
  describe(name, () => {
    let nowMs: number;
    let queue: LetterQueue;

    beforeEach(async () => {
      nowMs = START_MS;
      queue = await createQueue(() => new Date(nowMs));
    });

    it('receive() gives a message with its body and the time at which it was sent', async () => {
      await queue.send('{"a":"ü"}');
      nowMs += 5_000;

      expect(await queue.receive()).toEqual([
        { id: expect.any(String), receipt: expect.any(String), body: '{"a":"ü"}', sentAtMs: START_MS },
      ]);
    });

    it('receive() gives each message once, ten at most at a time, and then none', async () => {
      for (let index = 0; index < 13; index += 1) await queue.send(`${index}`);

      const batches = [await queue.receive(), await queue.receive(), await queue.receive()];

      expect(batches.map((batch) => batch.length)).toEqual([10, 3, 0]);
      expect(new Set(batches.flat().map(({ id }) => id)).size).toBe(13);
    });

    it('receive() gives a message again after two minutes', async () => {
      await queue.send('a');
      const [first] = await queue.receive();

      nowMs += HIDDEN_MS - 1;
      expect(await queue.receive()).toEqual([]);
      nowMs += 1;
      const [again] = await queue.receive();

      expect(again?.id).toBe(first?.id);
      expect(again?.receipt).not.toBe(first?.receipt);
    });

    it('release() lets a message be received again at once', async () => {
      await queue.send('a');
      const [letter] = await queue.receive();

      if (letter !== undefined) await queue.release(letter);

      expect(await queue.receive()).toHaveLength(1);
    });

    it('remove() takes a message away for good, and nothing else', async () => {
      await queue.send('a');
      await queue.send('b');
      const letters = await queue.receive();
      const [first] = letters;

      if (first !== undefined) await queue.remove(first);

      nowMs += HIDDEN_MS;
      expect((await queue.receive()).map(({ body }) => body)).toEqual(
        letters.slice(1).map(({ body }) => body),
      );
    });

    it('release() and remove() are fine with a message that is gone or held by somebody else', async () => {
      await queue.send('a');
      const [letter] = await queue.receive();
      if (letter === undefined) throw new Error('nothing received');
      nowMs += HIDDEN_MS;
      const [again] = await queue.receive();

      await queue.release(letter);
      await queue.remove(letter);

      expect(await queue.receive()).toEqual([]);
      if (again !== undefined) await queue.remove(again);
      if (again !== undefined) await queue.remove(again);
      if (again !== undefined) await queue.release(again);
      nowMs += HIDDEN_MS;
      expect(await queue.receive()).toEqual([]);
    });
  });
}
