import { describe, expect, it } from 'vitest';
import type { FindingKind } from '#shared/domain/detection/finding.ts';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import { type Incident, mergeInto } from '#shared/domain/incidents/incident.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';
import { findingAt, incidentOf, iso } from '#test/fakes/incident-history.ts';

const CLEARED = { status: 'cleared' } as const;

function at(minute: number): number {
  return Date.parse(iso(minute));
}

function summarize(incident: Incident, announcement: Announcement = 'opened', nowMinute = 7) {
  return summarizeIncident(incident, announcement, at(nowMinute));
}

/** An account's incident of several kinds, each with its kind for title, step and fact. */
function accountOf(...kinds: FindingKind[]): Incident {
  const findings = kinds.map((kind) =>
    findingAt(kind, 0, 5, {
      kind,
      title: `title of ${kind}`,
      nextStep: `step of ${kind}`,
      evidence: [
        { label: 'Now', value: `now of ${kind}` },
        { label: `Only ${kind}`, value: 'x' },
      ],
      links: [
        { label: `quota of ${kind}`, url: 'https://example.com/quota' },
        { label: kind, url: `https://example.com/${kind}` },
      ],
    }),
  );
  return incidentOf(...findings);
}

describe('summarizeIncident()', () => {
  it('summarizeIncident() tells an open incident up to now', () => {
    expect(summarize(incidentOf(findingAt('a', 0, 5, { dataDelaySeconds: 95 })))).toEqual({
      announcement: 'opened',
      title: '4.1 % of requests to orders-api/prod fail',
      severity: 'critical',
      place: 'us-east-1 · 1234-5678-9012',
      openedAtMs: at(0),
      endedAtMs: null,
      duration: '7 min',
      facts: [{ label: 'Now', value: '4.1 % of 6,100 requests' }],
      nextStep: 'Look at the backend',
      links: [{ label: 'Dashboard', url: 'https://console.aws.amazon.com/cloudwatch/' }],
      dataDelaySeconds: 95,
      findingsLeftOut: 0,
      unknownSinceMs: null,
      mutedUntilMs: null,
      isRepeat: false,
      isJudged: true,
      isDrill: false,
    });
  });

  it('summarizeIncident() tells a closed incident up to its last bad minute, and nothing to do', () => {
    const closed = incidentOf(
      findingAt('a', 0, 5),
      findingAt('b', 1, 12, { ...CLEARED, lastBadAt: iso(8) }),
      findingAt('a', 0, 10, { ...CLEARED, lastBadAt: iso(5) }),
    );

    expect(summarize(closed, 'closed', 60)).toMatchObject({
      endedAtMs: at(8),
      duration: '8 min',
      nextStep: null,
      links: [],
    });
  });

  it('summarizeIncident() does not tell an incident over that went into another one', () => {
    const account = incidentOf(findingAt('b', 2, 5, { kind: 'throttling.account' }));

    const merged = mergeInto(incidentOf(findingAt('a', 0, 5)), account);

    expect(summarize(merged, 'merged')).toMatchObject({ endedAtMs: null, duration: '7 min' });
  });

  it('summarizeIncident() lasted no less than nothing', () => {
    const early = incidentOf(findingAt('a', 5, 9, { ...CLEARED, lastBadAt: iso(2) }));

    expect(summarize(early, 'closed')).toMatchObject({ endedAtMs: at(5), duration: '0 s' });
    expect(summarize(incidentOf(findingAt('a', 5, 6, { dataDelaySeconds: 0 })), 'opened', 1)).toMatchObject({
      duration: '0 s',
      dataDelaySeconds: 0,
    });
  });

  it('summarizeIncident() lets the most important finding name the incident, in whatever order they came', () => {
    const kinds = ['noisy-neighbour', 'headroom.low', 'throttling.account', 'headroom.exhausted'] as const;

    expect(summarize(accountOf(...kinds)).title).toBe('title of headroom.exhausted');
    expect(summarize(accountOf(...kinds.toReversed())).title).toBe('title of headroom.exhausted');
    expect(summarize(accountOf('headroom.low', 'noisy-neighbour')).title).toBe('title of noisy-neighbour');
  });

  it('summarizeIncident() tells a fact of one label once, as the most important finding says it', () => {
    const { facts } = summarize(accountOf('headroom.low', 'headroom.exhausted'));

    expect(facts).toEqual([
      { label: 'Now', value: 'now of headroom.exhausted' },
      { label: 'Only headroom.exhausted', value: 'x' },
      { label: 'Only headroom.low', value: 'x' },
    ]);
  });

  it('summarizeIncident() tells facts in the order of the message', () => {
    const labels = ['Other', 'Cost so far', 'Hurt', 'Caused by', 'Cause', 'Now'];

    const { facts } = summarize(
      incidentOf(findingAt('a', 0, 5, { evidence: labels.map((label) => ({ label, value: 'x' })) })),
    );

    expect(facts.map(({ label }) => label)).toEqual([
      'Now',
      'Cause',
      'Caused by',
      'Hurt',
      'Cost so far',
      'Other',
    ]);
  });

  it('summarizeIncident() gives one step: the culprit’s, else the most important finding’s', () => {
    expect(summarize(accountOf('headroom.low', 'headroom.exhausted')).nextStep).toBe(
      'step of headroom.exhausted',
    );
    expect(summarize(accountOf('headroom.exhausted', 'noisy-neighbour')).nextStep).toBe(
      'step of noisy-neighbour',
    );
  });

  it('summarizeIncident() gives each page once', () => {
    expect(summarize(accountOf('headroom.low', 'headroom.exhausted')).links.map(({ url }) => url)).toEqual([
      'https://example.com/quota',
      'https://example.com/headroom.exhausted',
      'https://example.com/headroom.low',
    ]);
  });

  it('summarizeIncident() says nothing of an info', () => {
    const info = findingAt('b', 0, 6, {
      severity: 'info',
      kind: 'headroom.low',
      title: 'info',
      dataDelaySeconds: 900,
    });
    const account = findingAt('a', 0, 5, { kind: 'noisy-neighbour', title: 'noisy' });

    expect(summarize(incidentOf(account, info))).toMatchObject({ title: 'noisy', dataDelaySeconds: 95 });
  });

  it('summarizeIncident() leaves an account id alone that is none', () => {
    const scope = { accountId: 'sandbox', region: 'us-east-1', apiId: 'a1', stage: 'prod' };

    expect(summarize(incidentOf(findingAt('a', 0, 5, { scope }))).place).toBe('us-east-1 · sandbox');
  });

  it('summarizeIncident() leaves the incident’s findings in their order', () => {
    const incident = accountOf('headroom.low', 'headroom.exhausted');
    const copy = structuredClone(incident);

    summarize(incident);

    expect(incident).toEqual(copy);
  });

  it('summarizeIncident() tells of what is over what it cost, not what it costs so far', () => {
    const evidence = [{ label: 'Cost so far', value: '≥ 3,420 requests refused' }];
    const open = incidentOf(findingAt('a', 0, 5, { evidence }));
    const closed = incidentOf(findingAt('a', 0, 5, { evidence, status: 'cleared' }));

    expect(summarizeIncident(open, 'opened', Date.parse(iso(5))).facts).toEqual(evidence);
    expect(summarizeIncident(closed, 'closed', Date.parse(iso(9))).facts).toEqual([
      { label: 'Cost', value: '≥ 3,420 requests refused' },
    ]);
  });

  it.each(['cloudwatch-alarm', 'alerting.undeliverable', 'alerting.held-back', 'alerting.drill'] as const)(
    'summarizeIncident() does not say of %s that minutes of it are judged',
    (kind) => {
      const scope = { accountId: '123456789012', region: 'us-east-1', subject: 'x' };
      const incident = incidentOf(findingAt('a', 0, 5, { kind, scope }));

      expect(summarizeIncident(incident, 'opened', Date.parse(iso(5))).isJudged).toBe(false);
    },
  );
});
