import { describe, expect, it } from 'vitest';
import { noticeSilence } from '#shared/domain/incidents/unknown-since.ts';
import { applyAll, findingAt, incidentOf, iso } from '#test/fakes/incident-history.ts';

const atMinute = (minute: number): number => Date.parse(iso(minute));

describe('noticeSilence()', () => {
  it('noticeSilence() gives 15 minutes to who judges an open finding', () => {
    const incident = incidentOf(findingAt('a', 0, 5));

    expect(noticeSilence(incident, atMinute(20))).toBe(incident);
    expect(noticeSilence(incident, atMinute(20) + 1)).toEqual({
      ...incident,
      unknownSince: iso(5),
      version: incident.version + 1,
    });
  });

  it('noticeSilence() goes by what was judged last, of several open findings', () => {
    const incident = incidentOf(findingAt('a', 0, 5), findingAt('b', 0, 9));

    expect(noticeSilence(incident, atMinute(22))).toBe(incident);
    expect(noticeSilence(incident, atMinute(30)).unknownSince).toBe(iso(9));
  });

  it('noticeSilence() does not go by findings that have ended, or that are worth no message', () => {
    const incident = incidentOf(
      findingAt('a', 0, 5),
      findingAt('b', 0, 29, { status: 'cleared' }),
      findingAt('c', 0, 29, { severity: 'info' }),
    );

    expect(noticeSilence(incident, atMinute(30)).unknownSince).toBe(iso(5));
  });

  it('noticeSilence() takes it back as soon as something judges again, and only once', () => {
    const unknown = noticeSilence(incidentOf(findingAt('a', 0, 5)), atMinute(30));
    const judged = { ...unknown, findings: [findingAt('a', 0, 29)] };

    const known = noticeSilence(judged, atMinute(30));

    expect(known).toMatchObject({ unknownSince: null, version: unknown.version + 1 });
    expect(noticeSilence(known, atMinute(31))).toBe(known);
    expect(noticeSilence(unknown, atMinute(31))).toBe(unknown);
  });

  it('noticeSilence() has nothing to say of what is over', () => {
    const closed = applyAll([findingAt('a', 0, 5), findingAt('a', 0, 9, { status: 'cleared' })]);

    expect(closed && noticeSilence(closed, atMinute(600))).toBe(closed);
  });

  it.each(['cloudwatch-alarm', 'alerting.undeliverable', 'alerting.drill'] as const)(
    'noticeSilence() does not wait for %s, which is stated when it changes',
    (kind) => {
      const scope = { accountId: '123456789012', region: 'us-east-1', subject: 'x' };
      const incident = incidentOf(findingAt('a', 0, 5, { kind, scope }));

      expect(noticeSilence(incident, atMinute(600))).toBe(incident);
    },
  );

  it('noticeSilence() believes an alarm that says that it does not know', () => {
    const scope = { accountId: '123456789012', region: 'us-east-1', subject: 'x' };
    const alarm = { kind: 'cloudwatch-alarm', scope } as const;
    const incident = incidentOf(findingAt('a', 0, 5, { ...alarm, isUnknown: true }));

    expect(noticeSilence(incident, atMinute(6)).unknownSince).toBe(iso(5));
  });
});
