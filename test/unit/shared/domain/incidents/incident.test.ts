import { describe, expect, it } from 'vitest';
import { UNTOLD } from '#shared/domain/incidents/delivery.ts';
import { applyFinding, type Incident, MAX_FINDINGS } from '#shared/domain/incidents/incident.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';
import { applyAll, findingAt, incidentOf, iso } from '#test/fakes/incident-history.ts';
import { createSnapshot } from '#test/fakes/snapshot.ts';

const CLEARED = { status: 'cleared' } as const;
const INFO = { severity: 'info' } as const;
const WARNING = { severity: 'warning' } as const;

describe('applyFinding() on a new story', () => {
  it('applyFinding() opens an incident', () => {
    const first = findingAt('a', 0, 1, WARNING);

    expect(applyAll([first])).toEqual({
      schemaVersion: 2,
      id: `${storyOf(first).key}|${iso(0)}`,
      story: storyOf(first),
      scope: first.scope,
      status: 'open',
      severity: 'warning',
      openedAt: iso(0),
      closedAt: null,
      mergedInto: null,
      findings: [first],
      leftOutIds: [],
      version: 1,
      revision: 0,
      isActive: true,
      deliveries: {},
      unknownSince: null,
      heldBackBy: null,
    });
  });

  it('applyFinding() gives an account’s incident the scope of the account only', () => {
    expect(incidentOf(findingAt('a', 0, 1, { kind: 'noisy-neighbour' })).scope).toEqual({
      accountId: '123456789012',
      region: 'us-east-1',
    });
  });

  it('applyFinding() opens nothing for an info', () => {
    expect(applyAll([findingAt('a', 0, 1, INFO)])).toBeNull();
  });

  it('applyFinding() tells of what was over before it was heard of', () => {
    expect(applyAll([findingAt('a', 0, 9, CLEARED)])).toMatchObject({
      status: 'closed',
      closedAt: iso(9),
      openedAt: iso(0),
    });
  });
});

describe('applyFinding() on a known story', () => {
  it('applyFinding() takes a repeated or overtaken statement for known', () => {
    const incident = incidentOf(findingAt('a', 0, 5));

    expect(applyFinding(incident, incident.story, findingAt('a', 0, 5))).toBe(incident);
    expect(applyFinding(incident, incident.story, findingAt('a', 0, 4, CLEARED))).toBe(incident);
  });

  it('applyFinding() keeps the newest statement of a finding', () => {
    const incident = incidentOf(
      findingAt('a', 0, 5),
      findingAt('b', 2, 5),
      findingAt('a', 0, 6, { value: 9 }),
    );

    expect(incident.findings.map(({ id, value, observedAt }) => [id, value, observedAt])).toEqual([
      ['a', 9, iso(6)],
      ['b', 4.1, iso(5)],
    ]);
    expect(incident.version).toBe(3);
  });

  it('applyFinding() closes with the last finding, at the time of the last statement', () => {
    const one = incidentOf(findingAt('a', 0, 5), findingAt('b', 2, 5), findingAt('a', 0, 10, CLEARED));
    const both = incidentOf(...one.findings, findingAt('b', 2, 12, CLEARED));

    expect(one).toMatchObject({ status: 'open', closedAt: null });
    expect(both).toMatchObject({ status: 'closed', closedAt: iso(12) });
  });

  it('applyFinding() keeps the worst severity it ever had', () => {
    const worst = findingAt('b', 2, 5, { severity: 'critical' });

    expect(
      incidentOf(
        findingAt('a', 0, 5, WARNING),
        worst,
        findingAt('b', 2, 9, { ...CLEARED, severity: 'critical' }),
      ).severity,
    ).toBe('critical');
    expect(incidentOf(findingAt('a', 0, 5), findingAt('a', 7, 9, WARNING)).severity).toBe('critical');
  });

  it('applyFinding() opened when the first of its findings began, in whatever order they come', () => {
    expect(incidentOf(findingAt('b', 2, 5), findingAt('a', 0, 5)).openedAt).toBe(iso(0));
    expect(incidentOf(findingAt('a', 0, 5), findingAt('b', 2, 5)).openedAt).toBe(iso(0));
  });

  it('applyFinding() does not reopen by an old statement, whichever was lost in between', () => {
    const closed = incidentOf(findingAt('a', 0, 5), findingAt('a', 0, 20, CLEARED));

    const after = incidentOf(...closed.findings, findingAt('b', 3, 12, CLEARED), findingAt('b', 3, 8));

    expect(after.status).toBe('closed');
    expect(after.findings.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'cleared'],
      ['b', 'cleared'],
    ]);
  });

  it.each([
    ['within the hour', 60, true],
    ['after the hour', 60.01, false],
  ])(
    'applyFinding() goes on with the incident for what begins %s after it closed',
    (_, minutesLater, sameIncident) => {
      const closed = incidentOf(findingAt('a', 0, 5), findingAt('a', 0, 20, CLEARED));

      const next = applyFinding(closed, closed.story, findingAt('a', 20 + minutesLater, 90));

      expect(next?.id === closed.id).toBe(sameIncident);
      expect(next).toMatchObject({ status: 'open', closedAt: null });
    },
  );

  it('applyFinding() takes a changed quota for news of its own, not for the trouble that was just over', () => {
    const lowered = { kind: 'quota.changed', ...WARNING } as const;
    const closed = incidentOf(findingAt('a', 0, 5), findingAt('a', 0, 20, CLEARED));

    const next = applyFinding(closed, closed.story, findingAt('q', 30, 31, lowered));

    expect(next).toMatchObject({ status: 'open', severity: 'warning', openedAt: iso(30) });
    expect(next?.findings.map(({ id }) => id)).toEqual(['q']);
  });

  it('applyFinding() knows the change of a quota again that an incident told of', () => {
    const lowered = { kind: 'quota.changed', ...WARNING } as const;
    const closed = incidentOf(
      findingAt('q', 30, 31, lowered),
      findingAt('q', 30, 36, { ...lowered, ...CLEARED }),
    );

    const next = applyFinding(closed, closed.story, findingAt('q', 30, 40, { ...lowered, ...CLEARED }));

    expect(next?.id).toBe(closed.id);
    expect(next?.status).toBe('closed');
  });

  it('applyFinding() begins a new incident without the old one’s findings and deliveries, and counts on', () => {
    const told = { ...UNTOLD, told: createSnapshot({ status: 'closed' }) };
    const old = {
      ...incidentOf(findingAt('a', 0, 5), findingAt('a', 0, 20, CLEARED)),
      deliveries: { slack: told },
    };

    const next = applyFinding(old, old.story, findingAt('b', 300, 305, WARNING));

    expect(next).toMatchObject({
      severity: 'warning',
      openedAt: iso(300),
      deliveries: {},
      version: old.version + 1,
    });
    expect(next?.findings.map(({ id }) => id)).toEqual(['b']);
  });

  const FULL = Array.from({ length: MAX_FINDINGS }, (_, index) =>
    findingAt(`kept ${index}`, 0, 5, { severity: 'warning' }),
  );

  function idsOf(incident: Incident | null): string[] {
    return (incident?.findings ?? []).map(({ id }) => id).sort();
  }

  it('applyFinding() keeps at most so many findings, and counts each that it leaves out once', () => {
    const others = ['x', 'y', 'z'].map((id) => findingAt(id, 0, 5, { severity: 'warning' }));
    const stated = (minute: number) => others.map((finding) => ({ ...finding, observedAt: iso(minute) }));

    const incident = incidentOf(...FULL, ...others);
    const again = [...stated(6), ...stated(7)].reduce<Incident | null>(
      (so, finding) => applyFinding(so, incident.story, finding),
      incident,
    );

    // A finding takes up to 4 KB, and an item of the table holds 400 KB with everything else.
    expect(MAX_FINDINGS).toBe(50);
    expect(idsOf(incident)).toEqual(FULL.map(({ id }) => id).sort());
    expect(incident.leftOutIds).toEqual(['x', 'y', 'z']);
    expect(incident.version).toBe(MAX_FINDINGS + 3);
    expect(again).toBe(incident);
  });

  it('applyFinding() opens a full incident again for new trouble', () => {
    const closed = incidentOf(...FULL, ...FULL.map((one) => ({ ...one, ...CLEARED, observedAt: iso(9) })));

    const next = applyFinding(closed, closed.story, findingAt('new', 15, 16, { severity: 'warning' }));

    expect(closed.status).toBe('closed');
    expect(next).toMatchObject({ status: 'open', severity: 'warning' });
    expect(idsOf(next)).toContain('new');
    expect(next?.findings).toHaveLength(MAX_FINDINGS);
    expect(next?.leftOutIds).toHaveLength(1);
  });

  it('applyFinding() makes room in a full incident for what is worse', () => {
    const full = incidentOf(...FULL);

    const next = applyFinding(full, full.story, findingAt('worse', 0, 6));

    expect(next).toMatchObject({ severity: 'critical', leftOutIds: ['kept 0'] });
    expect(idsOf(next)).toContain('worse');
    const evicted = { ...findingAt('kept 0', 0, 7, { severity: 'warning' }) };
    expect(applyFinding(next, full.story, evicted)).toBe(next);
  });

  it('applyFinding() gives what it left out the room of what is over', () => {
    const late = findingAt('late', 0, 5, { severity: 'warning' });
    const over = { ...findingAt('kept 7', 0, 6, { severity: 'warning' }), ...CLEARED };
    const full = incidentOf(...FULL, late, over);

    const next = applyFinding(full, full.story, { ...late, observedAt: iso(7) });

    expect(idsOf(next)).toContain('late');
    expect(idsOf(next)).not.toContain('kept 7');
    expect(next?.leftOutIds).toEqual(['kept 7']);
  });

  it('applyFinding() makes room among what is over for what is over since', () => {
    const first = { ...findingAt('first', 0, 6, { severity: 'warning' }), ...CLEARED };
    const second = { ...findingAt('second', 0, 8, { severity: 'warning' }), ...CLEARED };
    const full = incidentOf(...FULL.slice(1), first);

    const next = applyFinding(full, full.story, second);

    expect(next?.leftOutIds).toEqual(['first']);
    expect(applyFinding(next, full.story, first)).toBe(next);
  });

  it('applyFinding() keeps how bad it was of what was over when it came too late to be kept', () => {
    const full = incidentOf(...FULL);

    const next = applyFinding(full, full.story, { ...findingAt('worse', 0, 6), ...CLEARED });

    expect(next).toMatchObject({ severity: 'critical', leftOutIds: ['worse'], status: 'open' });
  });

  it('applyFinding() leaves out of a full incident what is worth no message, and does not count it', () => {
    const full = incidentOf(...FULL);

    expect(applyFinding(full, full.story, findingAt('info', 0, 6, { severity: 'info' }))).toBe(full);
  });

  it('applyFinding() tells the end of an alarm in its own words', () => {
    const kind = 'cloudwatch-alarm';
    const unknown = findingAt('a', 0, 5, { kind, severity: 'warning', isUnknown: true, title: 'No data' });
    const incident = incidentOf(unknown);
    const end = findingAt('a', 9, 9, {
      kind,
      severity: 'info',
      status: 'cleared',
      title: 'Alarm',
    });

    const next = applyFinding(incident, incident.story, end);

    expect(next).toMatchObject({ status: 'closed', severity: 'warning', closedAt: iso(9) });
    expect(next?.findings).toEqual([{ ...end, startedAt: iso(0), severity: 'warning' }]);
  });

  it('applyFinding() changes nothing that it was given', () => {
    const incident = incidentOf(findingAt('a', 0, 5));
    const copy = structuredClone(incident);

    applyFinding(incident, incident.story, findingAt('a', 0, 6, CLEARED));
    applyFinding(incident, incident.story, findingAt('b', 0, 6));

    expect(incident).toEqual(copy);
  });
});

describe('applyFinding() on what is worth no message', () => {
  it('applyFinding() takes a warning that sank to info for over, and keeps how bad it was', () => {
    const incident = incidentOf(
      findingAt('a', 0, 5, { title: 'bad' }),
      findingAt('a', 9, 10, { ...INFO, title: 'better' }),
    );

    expect(incident).toMatchObject({ status: 'closed', closedAt: iso(10), severity: 'critical' });
    expect(incident.findings).toMatchObject([{ title: 'bad', status: 'cleared', lastBadAt: iso(5) }]);
  });

  it('applyFinding() does not keep an incident open for an info, nor touch a closed one', () => {
    const open = incidentOf(findingAt('a', 0, 5), findingAt('b', 1, 5, INFO));
    const closed = incidentOf(...open.findings, findingAt('a', 0, 20, CLEARED));

    expect(closed.status).toBe('closed');
    expect(applyFinding(closed, closed.story, findingAt('b', 1, 30, INFO))).toBe(closed);
    expect(applyFinding(closed, closed.story, findingAt('c', 30, 31, INFO))).toBe(closed);
  });
});
