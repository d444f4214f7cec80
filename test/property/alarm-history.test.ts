import fc from 'fast-check';
import { it } from 'vitest';
import { receiveAlarm } from '#shared/application/receive-alarm.ts';
import { ALARM_STATES, type AlarmChange, type AlarmState } from '#shared/domain/alarms/alarm-change.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { createAlarmChange } from '#test/fakes/alarm-events.ts';
import { applyAll } from '#test/fakes/incident-history.ts';

const CHOICE = { stackName: 'gatewatch-prod', names: [] };
const START_MS = Date.parse('2026-03-02T14:00:00Z');
const MINUTE_MS = 60_000;

type Step = { readonly state: AlarmState; readonly minutes: number };

/** One alarm's life from its creation on: a change of state is one to another state. */
function changesOf(steps: readonly Step[]): AlarmChange[] {
  let before = { state: 'INSUFFICIENT_DATA' as AlarmState, sinceMs: START_MS };
  const changes: AlarmChange[] = [];
  for (const { state, minutes } of steps) {
    if (state === before.state) continue;
    const changedAtMs = before.sinceMs + minutes * MINUTE_MS;
    changes.push(createAlarmChange({ state, previous: before, changedAtMs }));
    before = { state, sinceMs: changedAtMs };
  }
  return changes;
}

function lifeOf(...states: AlarmState[]): fc.Arbitrary<AlarmChange[]> {
  const step = fc.record({ state: fc.constantFrom(...states), minutes: fc.integer({ min: 1, max: 90 }) });
  return fc.array(step, { minLength: 1, maxLength: 12 }).map(changesOf);
}

function findingsOf(changes: readonly AlarmChange[]): Finding[] {
  return changes.flatMap((change) => {
    const event = receiveAlarm(change, CHOICE);
    return event?.type === 'findings' ? event.findings : [];
  });
}

/** The changes in some order, then some of them again. */
function retold(changes: readonly AlarmChange[]): fc.Arbitrary<AlarmChange[]> {
  return fc
    .tuple(
      fc.shuffledSubarray([...changes], { minLength: changes.length }),
      fc.shuffledSubarray([...changes]),
    )
    .map((orders) => orders.flat());
}

/** Of an OK after no data, nobody can tell whether there was an alarm: it does not go before what it ends. */
function afterWhatItEnds(told: readonly AlarmChange[]): AlarmChange[] {
  const isVague = ({ state, previous }: AlarmChange): boolean =>
    state === 'OK' && previous?.state !== 'ALARM';
  const ordered: AlarmChange[] = [];
  let waiting: AlarmChange[] = [];
  told.forEach((change, index) => {
    if (isVague(change)) waiting.push(change);
    else ordered.push(change);
    const later = told.slice(index + 1);
    const isReady = (vague: AlarmChange): boolean =>
      !later.some((other) => !isVague(other) && other.changedAtMs < vague.changedAtMs);
    ordered.push(...waiting.filter(isReady));
    waiting = waiting.filter((vague) => !isReady(vague));
  });
  return [...ordered, ...waiting];
}

/** How an incident stands: since when is what its first message says, and depends on which of several came first. */
function standing(incident: Incident | null): string {
  if (incident === null) return 'none';
  const { status, severity, closedAt, findings } = incident;
  return JSON.stringify({ status, severity, closedAt, findings });
}

it('receiveAlarm() ends in the same incident whatever order ALARM and OK come in, and how often', () => {
  const property = fc.property(
    lifeOf('ALARM', 'OK').chain((life) => fc.tuple(fc.constant(life), retold(life))),
    ([life, told]) => standing(applyAll(findingsOf(told))) === standing(applyAll(findingsOf(life))),
  );

  fc.assert(property, { numRuns: 1_000 });
});

it('receiveAlarm() makes one and the same incident of one time in ALARM, its beginning included', () => {
  const once = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 })).map(([quiet, up]) =>
    changesOf([
      { state: 'ALARM', minutes: quiet },
      { state: 'OK', minutes: up },
    ]),
  );
  const property = fc.property(
    once.chain((life) => fc.tuple(fc.constant(life), retold(life))),
    ([life, told]) => {
      const [inOrder, shuffled] = [applyAll(findingsOf(life)), applyAll(findingsOf(told))];
      return standing(inOrder) === standing(shuffled) && inOrder?.id === shuffled?.id;
    },
  );

  fc.assert(property, { numRuns: 200 });
});

it('receiveAlarm() ends open or closed as in order with times without data, where an OK after one comes last', () => {
  const property = fc.property(
    lifeOf(...ALARM_STATES).chain((life) => fc.tuple(fc.constant(life), retold(life))),
    ([life, told]) => {
      const [inOrder, shuffled] = [applyAll(findingsOf(life)), applyAll(findingsOf(afterWhatItEnds(told)))];
      // When it closed differs: of two such OKs, the later one may have come first.
      return inOrder?.status === shuffled?.status && inOrder?.severity === shuffled?.severity;
    },
  );

  fc.assert(property, { numRuns: 1_000 });
});

it('receiveAlarm() leaves an incident open exactly while the alarm was last known to be up', () => {
  const property = fc.property(lifeOf(...ALARM_STATES), (life) => {
    const incident = applyAll(findingsOf(life));

    const known = life.filter(({ state }) => state !== 'INSUFFICIENT_DATA').at(-1);
    const last = life.at(-1);
    const isUp = known?.state === 'ALARM';
    return (
      (incident?.status === 'open') === isUp &&
      (!isUp || (incident?.findings[0]?.isUnknown === true) === (last?.state === 'INSUFFICIENT_DATA'))
    );
  });

  fc.assert(property, { numRuns: 1_000 });
});
