import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AlertEvent } from '#shared/application/ports.ts';
import { isSameNews, snapshotOf } from '#shared/domain/incidents/snapshot.ts';
import { ACCOUNT } from '#test/fakes/dispatcher.ts';
import { findingAt, iso } from '#test/fakes/incident-history.ts';
import {
  type Aftermath,
  type Fault,
  type Plan,
  runInterleaved,
} from '#test/fakes/interleaved-dispatchers.ts';

const STAGES = ['prod', 'dev'];

/** All that is ever stated: each stage has trouble that gets worse and ends. */
const STATEMENTS: readonly AlertEvent[] = STAGES.flatMap((stage) => {
  const scope = { ...ACCOUNT, apiId: 'a1b2c3', apiName: 'orders-api', stage };
  return [
    findingAt(stage, -9, -8, { scope, severity: 'warning' }),
    findingAt(stage, -9, -7, { scope, severity: 'critical' }),
    findingAt(stage, -9, -1, { scope, severity: 'critical', status: 'cleared' }),
  ].map((finding): AlertEvent => ({ type: 'findings', findings: [finding] }));
});

/** Each statement comes to one dispatcher or two, in any order; some dispatchers look around besides. */
const invocations = fc.integer({ min: 2, max: 3 }).chain((count) =>
  fc
    .record({
      first: fc.array(fc.nat(count - 1), { minLength: STATEMENTS.length, maxLength: STATEMENTS.length }),
      again: fc.array(fc.nat(count - 1), { minLength: STATEMENTS.length, maxLength: STATEMENTS.length }),
      sweeps: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
      kills: fc.array(fc.option(fc.nat(120), { freq: 1 }), { minLength: count, maxLength: count }),
      order: fc.shuffledSubarray([...STATEMENTS.keys()], { minLength: STATEMENTS.length }),
    })
    .map(({ first, again, sweeps, kills, order }) =>
      Array.from({ length: count }, (_, index) => {
        const own = order.filter((statement) => first[statement] === index || again[statement] === index);
        const events = own.map((statement) => STATEMENTS[statement]).filter((event) => event !== undefined);
        const sweep: AlertEvent[] = sweeps[index] ? [{ type: 'sweep' }] : [];
        return { events: [...events, ...sweep], killedAfter: kills[index] ?? null };
      }),
    ),
);

function planOf(canEdit: boolean, kinds: readonly Fault[]): fc.Arbitrary<Plan> {
  const faults = fc.array(fc.constantFrom<Fault>('none', 'none', ...kinds), { maxLength: 8 });
  return fc.record({ invocations, faults, canEdit: fc.constant(canEdit) });
}

const START_MS = Date.parse(iso(0));
const RUNS = { numRuns: 400 };
const FAULTS = ['put-off', 'lost', 'not-answered', 'refused'] as const;

function ended({ incidents, letters }: Aftermath) {
  const all = incidents.listAll().filter(({ story }) => story.kind === 'stage');
  expect(all).toHaveLength(STAGES.length);
  return all.map((incident) => {
    expect(incident).toMatchObject({ status: 'closed', isActive: false });
    const { attempt, refusal } = incident.deliveries['slack'] ?? {};
    expect(attempt ?? null).toBeNull();
    const isRefused = refusal != null && isSameNews(refusal.snapshot, snapshotOf(incident));
    if (isRefused) expect(letters.map(({ incidentId }) => incidentId)).toContain(incident.id);
    return { incident, isRefused };
  });
}

it('dispatchAlerts() ends with one message in its final state, however dispatchers meet and wherever they die', async () => {
  const property = fc.asyncProperty(
    fc.scheduler(),
    planOf(true, [...FAULTS, 'deleted']),
    async (scheduler, plan) => {
      const aftermath = await runInterleaved(scheduler, plan, START_MS);

      for (const { incident, isRefused } of ended(aftermath)) {
        const own = aftermath.channel.filter(({ incidentId }) => incidentId === incident.id);
        const messages = own.filter(({ thread }) => thread === null);
        if (!isRefused) expect(messages).toMatchObject([{ status: 'closed', severity: 'critical' }]);
        expect(messages.length).toBeLessThanOrEqual(1);
        const tokens = own.map(({ token }) => token);
        expect(new Set(tokens).size).toBe(tokens.length);
      }
    },
  );

  await fc.assert(property, RUNS);
});

it('dispatchAlerts() tells a receiver that edits nothing the end at least once, and marks what may come twice', async () => {
  const property = fc.asyncProperty(fc.scheduler(), planOf(false, FAULTS), async (scheduler, plan) => {
    const aftermath = await runInterleaved(scheduler, plan, START_MS);

    for (const { incident, isRefused } of ended(aftermath)) {
      const own = aftermath.channel.filter(({ incidentId }) => incidentId === incident.id);
      if (!isRefused) expect(own.some(({ status }) => status === 'closed')).toBe(true);
      const unmarked = own.filter(({ isRepeat }) => !isRepeat).map(({ token }) => token);
      expect(new Set(unmarked).size).toBe(unmarked.length);
    }
  });

  await fc.assert(property, RUNS);
});
