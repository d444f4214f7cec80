import { beforeEach, describe, expect, it } from 'vitest';
import type { MuteStore } from '#shared/application/mute-ports.ts';
import { MAX_LISTED, MAX_MUTES, MAX_TITLE_LENGTH } from '#shared/domain/incidents/mute.ts';
import { createMute } from '#test/fakes/mute.ts';

const HELD = {
  id: 'i',
  title: 'Errors',
  severity: 'critical',
  openedAt: '2026-03-02T14:00:00.000Z',
} as const;

/**
 * What every store of mutes does.
 *
 * @param createStore - Makes an empty store
 */
export function describeMutes(name: string, createStore: () => MuteStore | Promise<MuteStore>): void {
  describe(name, () => {
    let store: MuteStore;

    beforeEach(async () => {
      store = await createStore();
    });

    it('read() returns no mutes before anything was written', async () => {
      expect(await store.read()).toEqual({ revision: null, mutes: [] });
    });

    it('read() returns what write() took, all of it', async () => {
      const mutes = [
        createMute({ match: { api: 'orders-api', stage: '$default', kind: 'latency' } }),
        createMute({ id: 'm2', createdBy: null, endedAtMs: 5, heldBack: { count: 7, incidents: [HELD] } }),
      ];

      expect(await store.write(mutes, null)).toBe(true);

      expect(await store.read()).toStrictEqual({ revision: 1, mutes });
    });

    it('write() replaces the revision that the writer has seen', async () => {
      await store.write([createMute()], null);

      expect(await store.write([], 1)).toBe(true);

      expect(await store.read()).toStrictEqual({ revision: 2, mutes: [] });
    });

    it.each([
      ['expects nothing where there is something', null],
      ['has seen an older revision', 1],
      ['has seen a later revision', 3],
    ])('write() returns false and changes nothing if the writer %s', async (_, expectedRevision) => {
      await store.write([], null);
      await store.write([createMute()], 1);

      expect(await store.write([], expectedRevision)).toBe(false);

      expect(await store.read()).toStrictEqual({ revision: 2, mutes: [createMute()] });
    });

    it('write() returns true to exactly one of many at once', async () => {
      await store.write([], null);
      const rivals = Array.from({ length: 20 }, (_, index) => [createMute({ id: `m${index}` })]);

      const results = await Promise.all(rivals.map((rival) => store.write(rival, 1)));

      expect(results.filter((isWritten) => isWritten)).toHaveLength(1);
      expect((await store.read()).mutes).toStrictEqual(rivals[results.indexOf(true)]);
    });

    it('write() takes as many mutes as there can be, each with all that it can hold', async () => {
      const incidents = (mute: number) =>
        Array.from({ length: MAX_LISTED }, (_, index) => ({
          ...HELD,
          id: `stage|123456789012|us-east-1|${mute}api${index * 7_919}|prod|backend|2026-03-02T14:00:00.000Z`,
          title: `${mute}.${index} % of requests fail ${'ö'.repeat(MAX_TITLE_LENGTH)}`.slice(
            0,
            MAX_TITLE_LENGTH,
          ),
        }));
      const mutes = Array.from({ length: MAX_MUTES }, (_, index) =>
        createMute({
          id: `m${index}`,
          reason: `reason ${index} ${'x'.repeat(200)}`,
          heldBack: { count: 1_000, incidents: incidents(index) },
        }),
      );

      expect(await store.write(mutes, null)).toBe(true);

      expect((await store.read()).mutes).toStrictEqual(mutes);
    });
  });
}
