import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import {
  addMute,
  endedMutes,
  endMute,
  findMute,
  holdBack,
  isActiveMute,
  MAX_LISTED,
  MAX_MUTES,
  MAX_TITLE_LENGTH,
  type Mute,
  type MuteMatch,
} from '#shared/domain/incidents/mute.ts';
import { createFinding, createIncident } from '#test/fakes/finding.ts';
import { createMute, MUTED_AT_MS } from '#test/fakes/mute.ts';

const NOW_MS = MUTED_AT_MS + 60_000;
const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

function idOf(mute: Mute | null): string | null {
  return mute === null ? null : mute.id;
}

function withFindings(...findings: Partial<Finding>[]): Incident {
  return { ...createIncident(), findings: findings.map(createFinding) };
}

describe('findMute()', () => {
  it.each<[string, MuteMatch, boolean]>([
    ['the name of its API', { api: 'orders-api' }, true],
    ['the id of its API', { api: 'a1b2c3' }, true],
    ['another API', { api: 'orders' }, false],
    ['its stage', { stage: 'prod' }, true],
    ['another stage', { stage: 'dev' }, false],
    ['its kind', { kind: 'error-budget' }, true],
    ['the beginning of a word of its kind', { kind: 'error' }, false],
    ['API, stage and kind', { api: 'orders-api', stage: 'prod', kind: 'error-budget' }, true],
    ['its API and another stage', { api: 'orders-api', stage: 'dev' }, false],
    ['its API and another kind', { api: 'orders-api', kind: 'latency' }, false],
  ])('findMute() of an incident and a mute by %s', (_, match, isMuted) => {
    const mute = createMute({ match });

    expect(findMute(createIncident(), [mute], NOW_MS)).toBe(isMuted ? mute : null);
  });

  it.each(['throttling', 'throttling.stage'])('findMute() takes %s for a family or a kind', (kind) => {
    const incident = createIncident({ kind: 'throttling.stage', cause: 'throttle.method' });

    expect(idOf(findMute(incident, [createMute({ match: { kind } })], NOW_MS))).toBe('m1');
  });

  it.each([
    ['over', { untilMs: NOW_MS }],
    ['ended by somebody', { endedAtMs: NOW_MS - 1 }],
  ])('findMute() does not find a mute that is %s', (_, differences) => {
    expect(findMute(createIncident(), [createMute(differences)], NOW_MS)).toBeNull();
  });

  it('findMute() returns null if one open finding that is worth a message is not muted', () => {
    const muted = createMute({ match: { kind: 'latency' } });
    const incident = withFindings({ kind: 'latency' }, { id: 'b', kind: 'timeout-budget' });

    expect(findMute(incident, [muted], NOW_MS)).toBeNull();
  });

  it.each<[string, Partial<Finding>]>([
    ['has ended', { status: 'cleared' }],
    ['is worth no message', { severity: 'info' }],
  ])('findMute() leaves a finding aside that %s', (_, differences) => {
    const muted = createMute({ match: { kind: 'latency' } });
    const incident = withFindings({ kind: 'latency' }, { id: 'b', kind: 'timeout-budget', ...differences });

    expect(findMute(incident, [muted], NOW_MS)).toBe(muted);
  });

  it('findMute() returns null for the account’s incident that a muted API caused', () => {
    const incident = withFindings(
      { kind: 'throttling.account', scope: ACCOUNT },
      { id: 'b', kind: 'throttling.stage', cause: 'throttle.account' },
    );
    const byApi = createMute();
    const byKind = createMute({ id: 'm2', match: { kind: 'throttling' } });

    expect(findMute(incident, [byApi], NOW_MS)).toBeNull();
    expect(findMute(incident, [byApi, byKind], NOW_MS)).toBe(byKind);
  });

  it('findMute() returns the mute with whose end the incident is told', () => {
    const incident = withFindings({ kind: 'latency' }, { id: 'b', kind: 'timeout-budget' });
    const [short, long, other] = [
      createMute({ id: 'short', match: { kind: 'latency' }, untilMs: NOW_MS + 1_000 }),
      createMute({ id: 'long', match: { kind: 'latency' }, untilMs: NOW_MS + 9_000 }),
      createMute({ id: 'other', match: { kind: 'timeout-budget' }, untilMs: NOW_MS + 5_000 }),
    ];

    expect(findMute(incident, [short, long, other], NOW_MS)).toBe(other);
    expect(findMute(incident, [short, other], NOW_MS)).toBe(short);
  });

  it.each(['closed', 'merged'] as const)('findMute() returns null for a %s incident', (status) => {
    expect(findMute({ ...createIncident(), status }, [createMute()], NOW_MS)).toBeNull();
  });

  it.each(['alerting.undeliverable', 'alerting.held-back', 'alerting.drill'] as const)(
    'findMute() never mutes %s',
    (kind) => {
      const incident = createIncident({ kind, scope: { ...ACCOUNT, subject: 's' } });

      expect(findMute(incident, [createMute({ match: { kind: 'alerting' } })], NOW_MS)).toBeNull();
      expect(findMute(incident, [createMute({ match: { kind } })], NOW_MS)).toBeNull();
    },
  );
});

describe('addMute()', () => {
  it('addMute() adds a mute at the end', () => {
    const [first, second] = [createMute(), createMute({ id: 'm2' })];

    expect(addMute([first], second)).toEqual([first, second]);
  });

  it('addMute() throws for a mute of everything', () => {
    expect(() => addMute([], createMute({ match: {} }))).toThrow(/an API, a stage or a kind is needed/);
  });

  it('addMute() throws if there are as many as there can be', () => {
    const mutes = Array.from({ length: MAX_MUTES }, (_, index) => createMute({ id: `m${index}` }));

    expect(() => addMute(mutes, createMute({ id: 'new' }))).toThrow(/there are 200, the most/);
    expect(addMute(mutes.slice(1), createMute({ id: 'new' }))).toHaveLength(MAX_MUTES);
  });
});

describe('endMute()', () => {
  it('endMute() ends a mute now, and no other', () => {
    const [first, second] = [createMute(), createMute({ id: 'm2' })];

    const after = endMute([first, second], 'm2', NOW_MS);

    expect(after).toEqual([first, { ...second, endedAtMs: NOW_MS }]);
    expect(after.map((mute) => isActiveMute(mute, NOW_MS))).toEqual([true, false]);
  });

  it.each([
    ['is not there', 'm9', {}],
    ['is over', 'm1', { untilMs: NOW_MS }],
    ['was ended', 'm1', { endedAtMs: NOW_MS - 1 }],
  ])('endMute() returns the same mutes if the mute %s', (_, id, differences) => {
    const mutes = [createMute(differences)];

    expect(endMute(mutes, id, NOW_MS)).toBe(mutes);
  });
});

describe('holdBack()', () => {
  it('holdBack() counts an incident and lists it', () => {
    const incident = createIncident();
    const other = createMute({ id: 'm2' });

    const [mute, same] = holdBack([createMute(), other], 'm1', incident, 'Errors');

    const { id, severity, openedAt } = incident;
    expect(mute?.heldBack).toEqual({ count: 1, incidents: [{ id, title: 'Errors', severity, openedAt }] });
    expect(same).toBe(other);
  });

  it('holdBack() keeps the beginning of a long title', () => {
    const [mute] = holdBack([createMute()], 'm1', createIncident(), 'x'.repeat(500));

    expect(mute?.heldBack.incidents[0]?.title).toHaveLength(MAX_TITLE_LENGTH);
  });

  it.each([
    ['is not there', 'm9', null],
    ['has counted it already', 'm1', 'm1'],
  ])('holdBack() returns the same mutes if the mute %s', (_, muteId, heldBackBy) => {
    const mutes = [createMute()];

    expect(holdBack(mutes, muteId, { ...createIncident(), heldBackBy }, 'Errors')).toBe(mutes);
  });

  it('holdBack() counts what another mute held back before', () => {
    const incident = { ...createIncident(), heldBackBy: 'm1' };

    const [, second] = holdBack([createMute(), createMute({ id: 'm2' })], 'm2', incident, 'Errors');

    expect(second?.heldBack.count).toBe(1);
  });

  it('holdBack() counts each incident once, however often and in whatever order it is told', () => {
    const property = fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 }), (stories) => {
      const marks = new Set<number>();
      let mutes: readonly Mute[] = [createMute()];
      for (const story of stories) {
        const incident = {
          ...createIncident(),
          id: `incident-${story}`,
          heldBackBy: marks.has(story) ? 'm1' : null,
        };
        mutes = holdBack(mutes, 'm1', incident, 'Errors');
        marks.add(story);
      }
      const { count, incidents } = mutes[0]?.heldBack ?? { count: -1, incidents: [] };
      return count === marks.size && incidents.length === Math.min(count, MAX_LISTED);
    });

    fc.assert(property, { numRuns: 200 });
  });
});

describe('endedMutes()', () => {
  it('endedMutes() returns those whose time is over, and those that somebody ended', () => {
    const [active, over, ended] = [
      createMute({ id: 'active', untilMs: NOW_MS + 1 }),
      createMute({ id: 'over', untilMs: NOW_MS }),
      createMute({ id: 'ended', endedAtMs: NOW_MS - 5 }),
    ];

    expect(endedMutes([active, over, ended], NOW_MS)).toEqual([over, ended]);
  });
});
