import type { Mute } from '#shared/domain/incidents/mute.ts';

/** 14:00, when the incidents of the tests begin. */
export const MUTED_AT_MS = Date.parse('2026-03-02T14:00:00.000Z');

/** A mute of `orders-api` for two hours from 14:00 on, with the given differences. */
export function createMute(differences: Partial<Mute> = {}): Mute {
  return {
    schemaVersion: 1,
    id: 'm1',
    match: { api: 'orders-api' },
    reason: 'load test',
    createdBy: 'ana',
    createdAtMs: MUTED_AT_MS,
    untilMs: MUTED_AT_MS + 2 * 3_600_000,
    endedAtMs: null,
    heldBack: { count: 0, incidents: [] },
    ...differences,
  };
}
