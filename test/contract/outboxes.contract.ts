import { beforeEach, describe, expect, it } from 'vitest';
import { FRESH_OUTBOX } from '#shared/application/receiver-line.ts';
import type { OutboxStore } from '#shared/application/receiver-ports.ts';

const NOW_MS = 1_772_460_000_000;
const LEASE_MS = 60_000;
const STATE = { notBeforeMs: NOW_MS + 1_000, failures: 2, failingSinceMs: NOW_MS, reason: 'HTTP 503' };

/**
 * What every store of outboxes does.
 *
 * @param createStore - Makes an empty store
 */
export function describeOutboxes(name: string, createStore: () => OutboxStore | Promise<OutboxStore>): void {
  describe(name, () => {
    let store: OutboxStore;

    beforeEach(async () => {
      store = await createStore();
    });

    const enter = (owner: string, storyKeys: string[] = [], afterMs = 0) =>
      store.enter('slack', {
        storyKeys,
        owner,
        nowMs: NOW_MS + afterMs,
        untilMs: NOW_MS + afterMs + LEASE_MS,
      });

    it('enter() gives the lease to the first, with a fresh state', async () => {
      expect(await enter('one')).toEqual(FRESH_OUTBOX);
      expect(await enter('two')).toBeNull();
    });

    it('enter() gives the lease to one of many who come at once, and keeps the stories of all', async () => {
      const owners = Array.from({ length: 10 }, (_, index) => `owner-${index}`);

      const states = await Promise.all(owners.map((owner) => enter(owner, [`story of ${owner}`])));

      const winners = owners.filter((_, index) => states[index] !== null);
      expect(winners).toHaveLength(1);
      const waiting = await store.takeWaiting('slack', winners[0] ?? '');
      expect([...(waiting ?? [])].sort()).toEqual(owners.map((owner) => `story of ${owner}`));
    });

    it('enter() gives the lease of another receiver to anybody', async () => {
      await enter('one');

      const request = { storyKeys: [], owner: 'two', nowMs: NOW_MS, untilMs: NOW_MS + LEASE_MS };
      expect(await store.enter('sns', request)).toEqual(FRESH_OUTBOX);
    });

    it('enter() gives a lease that has run out to the next', async () => {
      await enter('dead');

      expect(await enter('two', [], LEASE_MS - 1)).toBeNull();
      expect(await enter('two', [], LEASE_MS)).toEqual(FRESH_OUTBOX);
      expect(await store.takeWaiting('slack', 'dead')).toBeNull();
    });

    it('takeWaiting() gives each story once, also if it was added twice', async () => {
      await enter('one', ['a', 'b']);
      await enter('two', ['b', 'c']);

      expect([...((await store.takeWaiting('slack', 'one')) ?? [])].sort()).toEqual(['a', 'b', 'c']);
      expect(await store.takeWaiting('slack', 'one')).toEqual([]);
    });

    it('takeWaiting() gives nothing to who does not have the lease', async () => {
      await enter('one', ['a']);

      expect(await store.takeWaiting('slack', 'two')).toBeNull();
      expect(await store.takeWaiting('slack', 'one')).toEqual(['a']);
    });

    it('leave() gives the lease back, with the state for the next', async () => {
      await enter('one');

      expect(await store.leave('slack', { owner: 'one', state: STATE, isOver: false })).toBe(true);

      expect(await enter('two')).toEqual(STATE);
    });

    it('leave() keeps the lease while stories wait', async () => {
      await enter('one');
      await enter('two', ['late']);

      expect(await store.leave('slack', { owner: 'one', state: STATE, isOver: false })).toBe(false);

      expect(await enter('three')).toBeNull();
      expect(await store.takeWaiting('slack', 'one')).toEqual(['late']);
      expect(await store.leave('slack', { owner: 'one', state: STATE, isOver: false })).toBe(true);
    });

    it('leave() leaves waiting stories to the next when its time is over', async () => {
      await enter('one');
      await enter('two', ['late']);

      expect(await store.leave('slack', { owner: 'one', state: STATE, isOver: true })).toBe(true);

      expect(await enter('three')).toEqual(STATE);
      expect(await store.takeWaiting('slack', 'three')).toEqual(['late']);
    });

    it('leave() takes nothing from who has the lease now', async () => {
      await enter('dead');
      await enter('two', [], LEASE_MS);

      await store.leave('slack', { owner: 'dead', state: STATE, isOver: true });

      expect(await enter('three', [], LEASE_MS)).toBeNull();
      expect(await store.takeWaiting('slack', 'two')).toEqual([]);
    });
  });
}
