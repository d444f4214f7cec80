import { describe, expect, it } from 'vitest';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';
import { createFixture, findings, ofStage, START_MS, SWEEP } from '#test/fakes/dispatch-fixture.ts';
import { ACCOUNT, createDispatcherOf } from '#test/fakes/dispatcher.ts';
import { findingAt, iso } from '#test/fakes/incident-history.ts';
import { createScriptedReceiver } from '#test/fakes/scripted-receiver.ts';

describe('dispatchAlerts() to a receiver that has still to be told of an end', () => {
  const DOWN = { type: 'put-off', reason: 'ECONNREFUSED', retryAfterMs: 3 * 3_600_000 } as const;

  it('dispatchAlerts() keeps to its message if the trouble is back before that, however late', async () => {
    const slack = createScriptedReceiver();
    const sns = createScriptedReceiver({ canEdit: false, intervalMs: 0 });
    const { dispatch, clock, incidents } = createFixture({ slack: slack.receiver, sns: sns.receiver });
    await dispatch([findings(findingAt('a', 0, 1))]);
    slack.outcomes.push(DOWN);
    await dispatch([findings(findingAt('a', 0, 9, { status: 'cleared' }))]);

    await dispatch([findings(findingAt('b', 120, 121))]);
    clock.nowMs += 4 * 3_600_000;
    await dispatch([findings(findingAt('b', 120, 130, { status: 'cleared' }))]);

    const told = sns.messages.filter(({ incident }) => incident.story.kind === 'stage');
    expect(told.map(({ summary }) => summary.announcement)).toEqual([
      'opened',
      'closed',
      'reopened',
      'closed',
    ]);
    expect(slack.calls.filter((call) => call.startsWith('post'))).toEqual(['post opened critical']);
    expect(slack.calls.at(-1)).toBe('reply closed critical, in the channel');
    expect(incidents.listAll().filter(({ story }) => story.kind === 'stage')).toHaveLength(1);
  });

  it('dispatchAlerts() takes it out of the incident that it was merged into', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, incidents } = createFixture({ slack: slack.receiver });
    const throttled = {
      kind: 'throttling.stage',
      severity: 'warning',
      cause: 'throttle.unknown-level',
    } as const;
    await dispatch([findings(ofStage('prod', throttled))]);
    slack.outcomes.push(DOWN);
    const account = findingAt('account', 0, 2, { kind: 'headroom.exhausted', scope: ACCOUNT, cause: null });
    await dispatch([findings(account)]);
    const [before] = incidents.listAll();

    const other = {
      ...throttled,
      kind: 'throttling.client',
      cause: 'throttle.usage-plan',
      id: 'other',
    } as const;
    await dispatch([findings({ ...ofStage('prod', other, 30), startedAt: iso(29) })]);

    expect(before).toMatchObject({ status: 'merged', isActive: true });
    const newest = await incidents.read(before?.story.key ?? '');
    expect(newest).toMatchObject({ id: before?.id, status: 'open', mergedInto: null });
  });
});

describe('dispatchAlerts() and what nobody is left to end', () => {
  it('dispatchAlerts() ends the trouble of a receiver that was taken out of the stack', async () => {
    const clock = { nowMs: START_MS };
    const incidents = createMemoryIncidents();
    const slack = createScriptedReceiver({ canEdit: false });
    const sns = createScriptedReceiver({ canEdit: false });
    const now = () => new Date(clock.nowMs);
    const of = (receivers: Readonly<Record<string, Receiver>>) =>
      createDispatcherOf({ incidents, now, receivers });
    slack.outcomes.push({ type: 'refused', reason: 'no_service' });
    await of({ slack: slack.receiver, sns: sns.receiver })([findings(findingAt('a', 0, 1))]);
    clock.nowMs += 60_000;
    await of({ slack: slack.receiver, sns: sns.receiver })([SWEEP]);
    expect(sns.calls).toEqual(['post opened critical', 'post opened warning']);

    await of({ sns: sns.receiver })([SWEEP]);

    expect(sns.calls.slice(2)).toEqual(['post closed warning']);
  });

  it('dispatchAlerts() ends a drill after an hour', async () => {
    const sns = createScriptedReceiver({ canEdit: false });
    const { dispatch, clock } = createFixture({ sns: sns.receiver });
    const scope = { ...ACCOUNT, subject: 'd1' };
    await dispatch([findings(findingAt('drill', 0, 0, { kind: 'alerting.drill', scope, cause: null }))]);
    clock.nowMs = START_MS + 60 * 60_000;
    await dispatch([SWEEP]);
    expect(sns.calls).toEqual(['post opened critical']);
    clock.nowMs += 1;

    await dispatch([SWEEP]);

    expect(sns.calls).toEqual(['post opened critical', 'post closed critical']);
  });
});
