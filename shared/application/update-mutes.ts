import type { MuteStore } from '#shared/application/mute-ports.ts';
import type { Wait } from '#shared/application/ports.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';

/** In a storm ten dispatchers count what one mute holds back, again and again. */
const MAX_ATTEMPTS = 20;

/** Each waits for another time, or all would be late together again. */
const MAX_PAUSE_MS = 50;

/**
 * Changes the mutes under optimistic locking: if somebody else wrote in between, the change is made anew on what they
 * wrote.
 *
 * @param change - Gives the same array back if there is nothing to change
 * @returns The mutes as they are stored then
 * @throws {Error} If others were first twenty times in a row, or what the change throws
 */
export async function updateMutes(
  store: MuteStore,
  wait: Wait,
  change: (mutes: readonly Mute[]) => readonly Mute[],
): Promise<readonly Mute[]> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const { revision, mutes } = await store.read();
    const after = change(mutes);
    if (after === mutes || (await store.write(after, revision))) return after;
    await wait(Math.random() * MAX_PAUSE_MS);
  }
  throw new Error(`Could not change the mutes in ${MAX_ATTEMPTS} attempts: others were always first`);
}
