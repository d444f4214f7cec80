import type { MuteStore } from '#shared/application/mute-ports.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';

/** Dispatchers and people get in each other's way only briefly. */
const MAX_ATTEMPTS = 8;

/**
 * Changes the mutes under optimistic locking: if somebody else wrote in between, the change is made anew on what they
 * wrote.
 *
 * @param change - Gives the same array back if there is nothing to change
 * @returns The mutes as they are stored then
 * @throws {Error} If others were first eight times in a row, or what the change throws
 */
export async function updateMutes(
  store: MuteStore,
  change: (mutes: readonly Mute[]) => readonly Mute[],
): Promise<readonly Mute[]> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const { revision, mutes } = await store.read();
    const after = change(mutes);
    if (after === mutes || (await store.write(after, revision))) return after;
  }
  throw new Error(`Could not change the mutes in ${MAX_ATTEMPTS} attempts: others were always first`);
}
