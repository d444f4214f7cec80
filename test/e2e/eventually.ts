import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 100;

/**
 * Waits until something is there.
 *
 * @param look - Gives what is waited for, or `null` while it is not there
 * @throws {Error} If it does not come in time, with its name
 */
export async function eventually<T>(
  what: string,
  timeoutSeconds: number,
  look: () => Promise<T | null> | T | null,
): Promise<T> {
  const deadlineMs = Date.now() + timeoutSeconds * 1_000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadlineMs) throw new Error(`Waited ${timeoutSeconds} s for ${what}`);
    await wait(POLL_MS);
  }
}
