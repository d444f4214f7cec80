import type { Mute } from '#shared/domain/incidents/mute.ts';

/** All mutes that are active, or over without that having been told. */
export type StoredMutes = {
  /** Rises by one with every write; `null` before the first. */
  readonly revision: number | null;
  readonly mutes: readonly Mute[];
};

export type MuteStore = {
  readonly read: () => Promise<StoredMutes>;
  /** @returns False if the stored revision is no longer the expected one: somebody else was first. */
  readonly write: (mutes: readonly Mute[], expectedRevision: number | null) => Promise<boolean>;
};
