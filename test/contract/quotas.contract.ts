import { beforeEach, describe, expect, it } from 'vitest';
import type { QuotaStore, StoredQuota } from '#shared/application/ports.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';

const NOON_MS = Date.parse('2026-03-02T12:00:00Z');
const BEFORE = createQuotaStatus({ rateRps: 10_000, burst: 5_000 });
const STORED: StoredQuota = {
  schemaVersion: 1,
  readAtMs: NOON_MS,
  answeredAtMs: { getAccount: NOON_MS, serviceQuotas: null },
  status: {
    rateRps: 8_000.5,
    burst: 4_000,
    rateSource: 'get-account',
    burstSource: 'region-default',
    readings: {
      getAccount: { rateRps: 8_000.5, burst: null },
      serviceQuotas: { rateRps: null, burst: null },
    },
    changes: [{ atMs: NOON_MS - 60_000, from: BEFORE, to: BEFORE }],
  },
};

/**
 * What every store of the quota does.
 *
 * @param createStore - Makes an empty store
 */
export function describeQuotas(name: string, createStore: () => QuotaStore | Promise<QuotaStore>): void {
  describe(name, () => {
    let store: QuotaStore;

    beforeEach(async () => {
      store = await createStore();
    });

    it('read() returns null before anything was written', async () => {
      expect(await store.read()).toBeNull();
    });

    it('read() returns what write() took, all of it', async () => {
      expect(await store.write(STORED, null)).toBe(true);

      expect(await store.read()).toStrictEqual(STORED);
    });

    it('write() replaces what the writer has seen', async () => {
      const next = { ...STORED, readAtMs: NOON_MS + 1 };
      await store.write(STORED, null);

      expect(await store.write(next, NOON_MS)).toBe(true);

      expect(await store.read()).toStrictEqual(next);
    });

    it.each([
      ['expects nothing where there is something', null],
      ['has seen an older one', NOON_MS - 1],
    ])('write() returns false and changes nothing if the writer %s', async (_, expectedReadAtMs) => {
      await store.write(STORED, null);

      expect(await store.write({ ...STORED, readAtMs: NOON_MS + 1 }, expectedReadAtMs)).toBe(false);

      expect(await store.read()).toStrictEqual(STORED);
    });

    it('write() returns true to exactly one of many that write at once', async () => {
      const all = Array.from({ length: 20 }, (_, index) => ({ ...STORED, readAtMs: NOON_MS + index }));

      const results = await Promise.all(all.map((one) => store.write(one, null)));

      expect(results.filter((isWritten) => isWritten)).toHaveLength(1);
      expect(await store.read()).toStrictEqual(all[results.indexOf(true)]);
    });
  });
}
