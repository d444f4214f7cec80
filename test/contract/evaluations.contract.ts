import { beforeEach, describe, expect, it } from 'vitest';
import type { EvaluationState, EvaluationStore } from '#shared/application/ports.ts';
import { advance } from '#shared/domain/detection/occurrence.ts';

const MINUTE_MS = 60_000;
const BASE_MS = Date.parse('2026-03-02T14:00:00Z');

const STATE: EvaluationState = {
  throughMs: BASE_MS + 10 * MINUTE_MS,
  baseMs: BASE_MS,
  baseOccurrences: advance([], {
    minuteMs: BASE_MS - MINUTE_MS,
    judgements: [
      {
        kind: 'headroom.low',
        scope: { accountId: '123456789012', region: 'us-east-1' },
        verdict: 'breach',
        severity: 'warning',
        latest: { peakRps: 8_512.5 },
        sums: { 'refused:a1b2/prod': 0 },
        peaks: { usedRatio: 0.8512 },
      },
    ],
  }),
};

/**
 * What every store of evaluation states does.
 *
 * @param createStore - Makes an empty store
 */
export function describeEvaluations(
  name: string,
  createStore: () => EvaluationStore | Promise<EvaluationStore>,
): void {
  describe(name, () => {
    let store: EvaluationStore;

    beforeEach(async () => {
      store = await createStore();
    });

    it('read() returns null for an evaluator that has never run', async () => {
      await store.write('headroom', STATE, null);

      expect(await store.read('latency')).toBeNull();
    });

    it('read() returns what write() took, all of it', async () => {
      expect(STATE.baseOccurrences).toHaveLength(1);
      expect(await store.write('headroom', STATE, null)).toBe(true);

      expect(await store.read('headroom')).toStrictEqual(STATE);
    });

    it('read() returns what write() took of 1,200 stages that fail, which is more than an item of a table holds', async () => {
      const [one] = STATE.baseOccurrences;
      const many = Array.from({ length: 1_200 }, (_, index) => ({
        ...one,
        scope: { accountId: '123456789012', region: 'us-east-1', apiId: `a${index}`, stage: 'prod' },
        sums: { requests: index * 7_919, bad: index * 104_729, 'größter Anteil': index / 7 },
      })) as EvaluationState['baseOccurrences'];
      const state = { ...STATE, baseOccurrences: many };

      expect(JSON.stringify(state).length).toBeGreaterThan(400_000);
      expect(await store.write('errors', state, null)).toBe(true);
      expect(await store.read('errors')).toStrictEqual(state);
    });

    it('write() replaces the state whose watermark the writer has seen', async () => {
      const next: EvaluationState = {
        throughMs: STATE.throughMs + MINUTE_MS,
        baseMs: BASE_MS,
        baseOccurrences: [],
      };
      await store.write('headroom', STATE, null);

      expect(await store.write('headroom', next, STATE.throughMs)).toBe(true);

      expect(await store.read('headroom')).toStrictEqual(next);
    });

    it.each([
      ['expects no state where there is one', null],
      ['has seen an older watermark', STATE.throughMs - MINUTE_MS],
    ])('write() returns false and changes nothing if the writer %s', async (_, expectedThroughMs) => {
      await store.write('headroom', STATE, null);
      const other = { ...STATE, throughMs: STATE.throughMs + MINUTE_MS };

      expect(await store.write('headroom', other, expectedThroughMs)).toBe(false);

      expect(await store.read('headroom')).toStrictEqual(STATE);
    });

    it('write() returns false and stores nothing if the writer expects a state where there is none', async () => {
      expect(await store.write('headroom', STATE, STATE.throughMs - MINUTE_MS)).toBe(false);

      expect(await store.read('headroom')).toBeNull();
    });

    it.each([
      ['the first state', null],
      ['the next state', STATE.throughMs],
    ])('write() returns true to exactly one of many that write %s at once', async (_, expectedThroughMs) => {
      if (expectedThroughMs !== null) await store.write('headroom', STATE, null);
      const states = Array.from({ length: 20 }, (_unused, index) => ({
        ...STATE,
        throughMs: STATE.throughMs + (index + 1) * MINUTE_MS,
      }));

      const results = await Promise.all(
        states.map((state) => store.write('headroom', state, expectedThroughMs)),
      );

      expect(results.filter((isWritten) => isWritten)).toHaveLength(1);
      expect(await store.read('headroom')).toStrictEqual(states[results.indexOf(true)]);
    });
  });
}
