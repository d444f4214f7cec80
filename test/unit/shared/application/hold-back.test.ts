import { describe, expect, it } from 'vitest';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { MuteStore } from '#shared/application/mute-ports.ts';
import { addMute, type Mute } from '#shared/domain/incidents/mute.ts';
import { createIncident } from '#test/fakes/finding.ts';
import { createMute, MUTED_AT_MS } from '#test/fakes/mute.ts';

const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };
const wait = async () => {};
const END_MS = createMute().untilMs;

async function setUp(mutes: readonly Mute[]) {
  const store = createMemoryMutes();
  await store.write(mutes, null);
  const incidents = createMemoryIncidents();
  const clock = { nowMs: MUTED_AT_MS + 60_000 };
  const holdBack = createHoldBack({ mutes: store, incidents, now: () => new Date(clock.nowMs), wait });
  return { store, incidents, clock, holdBack };
}

/** A store to which somebody else writes just before its owner does, so many times. */
function withRivals(store: MuteStore, rivals: number): MuteStore {
  let left = rivals;
  return {
    read: store.read,
    write: async (mutes, expectedRevision) => {
      if (left > 0) {
        left -= 1;
        const { mutes: before, revision } = await store.read();
        await store.write(addMute(before, createMute({ id: `rival-${left}` })), revision);
      }
      return store.write(mutes, expectedRevision);
    },
  };
}

describe('createHoldBack()', () => {
  it('hold() counts what ten dispatchers hold back at once, again and again', async () => {
    const { store, incidents } = await setUp([createMute()]);
    let nowMs = 0;
    const sleepers: { untilMs: number; wake: () => void }[] = [];
    /** All of them go on at the pace of one clock, as with a table that takes 10 ms. */
    const sleep = (ms: number) =>
      new Promise<void>((resolve) => sleepers.push({ untilMs: nowMs + ms, wake: resolve }));
    const slow: MuteStore = {
      read: async () => {
        await sleep(5);
        return store.read();
      },
      write: async (...args) => {
        await sleep(5);
        return store.write(...args);
      },
    };
    const holdBack = createHoldBack({
      mutes: slow,
      incidents,
      now: () => new Date(MUTED_AT_MS),
      wait: sleep,
    });
    let running = 10;
    const work = async (dispatcher: number): Promise<void> => {
      for (let one = 0; one < 5; one += 1) {
        await holdBack.hold({ ...createIncident(), id: `${dispatcher}-${one}` }, createMute());
      }
    };
    const all = Array.from({ length: running }, (_, dispatcher) =>
      work(dispatcher).finally(() => {
        running -= 1;
      }),
    );
    while (running > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = sleepers.sort((a, b) => a.untilMs - b.untilMs).shift();
      nowMs = next?.untilMs ?? nowMs;
      next?.wake();
    }
    await Promise.all(all);

    // Only what is listed is known again: an incident that came twice is counted twice beyond that.
    expect((await store.read()).mutes[0]?.heldBack.count).toBe(50);
  });

  it('hold() says so if the mute is told and forgotten', async () => {
    const { holdBack, clock } = await setUp([createMute()]);
    clock.nowMs = END_MS;
    const { markTold } = await holdBack.takeEnded(ACCOUNT);
    expect(await holdBack.hold(createIncident(), createMute())).toBe(true);
    await markTold();

    expect(await holdBack.hold(createIncident(), createMute())).toBe(false);
  });

  it('read() returns the mutes as they are stored', async () => {
    const { holdBack } = await setUp([createMute()]);

    expect(await holdBack.read()).toEqual([createMute()]);
  });

  it('hold() counts an incident by its title, once', async () => {
    const { holdBack } = await setUp([createMute()]);
    const incident = createIncident();

    await holdBack.hold(incident, createMute());
    await holdBack.hold({ ...incident, version: 2 }, createMute());

    const { id, severity, openedAt } = incident;
    const title = '4.1 % of requests to orders-api/prod fail';
    expect((await holdBack.read())[0]?.heldBack).toEqual({
      count: 1,
      incidents: [{ id, title, severity, openedAt }],
    });
  });

  it('hold() loses neither what somebody else wrote meanwhile, nor its own', async () => {
    const { store, incidents } = await setUp([createMute()]);
    const rivals = withRivals(store, 19);
    const holdBack = createHoldBack({ mutes: rivals, incidents, now: () => new Date(MUTED_AT_MS), wait });

    await holdBack.hold(createIncident(), createMute());

    const mutes = await holdBack.read();
    expect(mutes).toHaveLength(20);
    expect(mutes[0]?.heldBack.count).toBe(1);
  });

  it('hold() throws if others are always first', async () => {
    const { store, incidents } = await setUp([createMute()]);
    const rivals = withRivals(store, 20);
    const holdBack = createHoldBack({ mutes: rivals, incidents, now: () => new Date(MUTED_AT_MS), wait });

    await expect(holdBack.hold(createIncident(), createMute())).rejects.toThrow(/in 20 attempts/);
  });

  it('takeEnded() returns nothing while mutes are active', async () => {
    const { holdBack } = await setUp([createMute()]);
    await holdBack.hold(createIncident(), createMute());

    const { findings, markTold } = await holdBack.takeEnded(ACCOUNT);
    await markTold();

    expect(findings).toEqual([]);
    expect(await holdBack.read()).toHaveLength(1);
  });

  it('takeEnded() returns the same finding until it is marked as told, then forgets the mute', async () => {
    const { holdBack, incidents, clock } = await setUp([
      createMute(),
      createMute({ id: 'longer', untilMs: END_MS + 1 }),
    ]);
    const incident = createIncident();
    await incidents.write(incident, null);
    await holdBack.hold(incident, createMute());
    clock.nowMs = END_MS;

    const first = await holdBack.takeEnded(ACCOUNT);
    const second = await holdBack.takeEnded(ACCOUNT);

    expect(first.findings).toEqual(second.findings);
    expect(first.findings).toMatchObject([
      { kind: 'alerting.held-back', scope: { ...ACCOUNT, subject: 'm1' }, value: 1 },
    ]);
    expect(first.findings[0]?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(first.findings[0]?.evidence).toContainEqual({
      label: 'Still open',
      value: '4.1 % of requests to orders-api/prod fail',
    });
    await first.markTold();
    expect((await holdBack.read()).map(({ id }) => id)).toEqual(['longer']);
    await second.markTold();
    expect((await holdBack.takeEnded(ACCOUNT)).findings).toEqual([]);
  });

  it('takeEnded() does not call an incident open that has closed', async () => {
    const { holdBack, incidents, clock } = await setUp([createMute()]);
    const incident = createIncident();
    await holdBack.hold(incident, createMute());
    await incidents.write({ ...incident, status: 'closed' }, null);
    clock.nowMs = END_MS;

    const { findings } = await holdBack.takeEnded(ACCOUNT);

    expect(findings[0]?.evidence).toContainEqual({ label: 'Still open', value: 'none' });
  });

  it('takeEnded() tells nothing of a mute that held back nothing, which is forgotten', async () => {
    const { holdBack, clock } = await setUp([createMute()]);
    clock.nowMs = END_MS;

    const { findings, markTold } = await holdBack.takeEnded(ACCOUNT);
    await markTold();

    expect(findings).toEqual([]);
    expect(await holdBack.read()).toEqual([]);
  });

  it('markTold() forgets none that ended after it was asked for', async () => {
    const { holdBack, store, clock } = await setUp([createMute({ endedAtMs: MUTED_AT_MS })]);
    const { markTold } = await holdBack.takeEnded(ACCOUNT);
    const { mutes, revision } = await store.read();
    await store.write(addMute(mutes, createMute({ id: 'm2', untilMs: clock.nowMs })), revision);

    await markTold();

    expect((await holdBack.read()).map(({ id }) => id)).toEqual(['m2']);
  });
});
