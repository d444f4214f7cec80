import { describe, expect, it } from 'vitest';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import type { AlertEvent } from '#shared/application/ports.ts';
import type { Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';
import { createFixture, findings, ofStage, START_MS, SWEEP, UNKNOWN } from '#test/fakes/dispatch-fixture.ts';
import { createDispatcherOf } from '#test/fakes/dispatcher.ts';
import { findingAt, iso } from '#test/fakes/incident-history.ts';
import { createScriptedReceiver } from '#test/fakes/scripted-receiver.ts';

describe('dispatchAlerts() to a receiver that takes nothing', () => {
  it('dispatchAlerts() leaves it alone for as long as it asks, also in later calls', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, clock } = createFixture({ slack: slack.receiver });
    slack.outcomes.push({ type: 'put-off', reason: 'HTTP 429', retryAfterMs: 90_000 });

    await dispatch([findings(ofStage('a'))]);
    clock.nowMs += 60_000;
    await dispatch([findings(ofStage('b'))], 20);
    expect(slack.calls).toHaveLength(1);
    clock.nowMs += 30_000;
    await dispatch([SWEEP]);

    expect(slack.calls).toEqual(['post opened critical', 'post opened critical', 'post opened critical']);
  });

  it('dispatchAlerts() keeps to its pace although it may come back at once', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, elapsedMs } = createFixture({ slack: slack.receiver });
    slack.outcomes.push({ type: 'put-off', reason: 'HTTP 429', retryAfterMs: 0 });

    await dispatch([findings(ofStage('a'))]);

    expect(slack.calls).toHaveLength(2);
    expect(elapsedMs()).toBe(1_000);
  });

  it('dispatchAlerts() sends nothing after its deadline, however long it looked for a message', async () => {
    const slack = createScriptedReceiver();
    const fixture = createFixture({
      slack: {
        ...slack.receiver,
        find: async () => {
          slack.calls.push('find');
          fixture.clock.nowMs += 40_000;
          return { type: 'not-found' };
        },
      },
    });
    slack.outcomes.push(UNKNOWN);

    await fixture.dispatch([findings(ofStage('a'))]);

    expect(slack.calls).toEqual(['post opened critical', 'find']);
  });

  it('dispatchAlerts() catches up with all that is owed when any other news comes', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, clock } = createFixture({ slack: slack.receiver });
    slack.outcomes.push({ type: 'put-off', reason: 'HTTP 429', retryAfterMs: 60_000 });
    await dispatch([findings(ofStage('a', { severity: 'warning' }))]);
    clock.nowMs += 60_000;

    await dispatch([findings(ofStage('b'))]);

    expect(slack.messages.map(({ incident }) => incident.scope.stage)).toEqual(['a', 'b', 'a']);
  });

  it('dispatchAlerts() asks again ever less often, and does not let one message hold up the others', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, elapsedMs } = createFixture({ slack: slack.receiver });
    const down = { type: 'put-off', reason: 'ECONNREFUSED', retryAfterMs: null } as const;
    slack.outcomes.push(down, down, down);

    await dispatch([findings(ofStage('a')), findings(ofStage('b'))]);

    expect(slack.messages.map(({ incident }) => incident.scope.stage)).toEqual(['a', 'b', 'a', 'b', 'a']);
    expect(elapsedMs()).toBe(1_000 + 2_000 + 4_000 + 1_000);
  });

  it('dispatchAlerts() tells the others after five minutes, and that it is over', async () => {
    const slack = createScriptedReceiver({ canEdit: false });
    const sns = createScriptedReceiver({ canEdit: false, intervalMs: 0 });
    const { dispatch, clock } = createFixture({ slack: slack.receiver, sns: sns.receiver });
    const down = { type: 'put-off', reason: 'ECONNREFUSED', retryAfterMs: 60_000 } as const;

    for (let minute = 0; minute < 7; minute += 1) {
      slack.outcomes.push(down);
      await dispatch(minute === 0 ? [findings(ofStage('a'))] : [SWEEP], 30);
      clock.nowMs = START_MS + (minute + 1) * 60_000;
    }
    slack.outcomes.length = 0;
    await dispatch([SWEEP]);

    expect(sns.messages.map(({ summary }) => `${summary.announcement} ${summary.title}`)).toEqual([
      'opened 4.1 % of requests to orders-api/prod fail',
      'opened Messages do not reach slack',
      'closed Messages do not reach slack',
    ]);
    expect(slack.calls.at(-1)).toBe('post opened critical');
    expect(slack.messages.every(({ incident }) => incident.story.kind === 'stage')).toBe(true);
  });
});

describe('dispatchAlerts() to a receiver that is owed nothing any more', () => {
  it('dispatchAlerts() does not call a receiver down that has not been asked again, as what it did not take is no news', async () => {
    const slack = createScriptedReceiver({ minSeverity: 'critical' });
    const sns = createScriptedReceiver({ canEdit: false, intervalMs: 0 });
    const { dispatch, clock } = createFixture({ slack: slack.receiver, sns: sns.receiver });
    await dispatch([findings(ofStage('prod', { value: 10 }))]);
    slack.outcomes.push({ type: 'put-off', reason: 'HTTP 429', retryAfterMs: 90_000 });
    await dispatch([findings(ofStage('prod', { value: 20 }, 2))]); // an edit
    await dispatch([findings(ofStage('prod', { value: 10 }, 3))]); // which is not worth it any more
    clock.nowMs += 4 * 60_000;

    const report = await dispatch([findings(ofStage('dev', { severity: 'warning' }, 4))]);
    clock.nowMs += 2 * 60_000;
    const later = await dispatch([findings(ofStage('test', { severity: 'warning' }, 6))]);

    expect(report.failing).toEqual([]);
    expect(later.failing).toEqual([]);
    expect(sns.messages.map(({ incident }) => incident.story.kind)).toEqual(['stage', 'stage', 'stage']);
  });

  it('dispatchAlerts() tells nobody of what was over before they were to be told of anything', async () => {
    const clock = { nowMs: START_MS };
    const incidents = createMemoryIncidents();
    const sns = createScriptedReceiver({ canEdit: false });
    const slack = createScriptedReceiver();
    const now = () => new Date(clock.nowMs);
    const cleared = findings(findingAt('a', 0, 9, { status: 'cleared' }));
    const of = (receivers: Readonly<Record<string, Receiver>>) =>
      createDispatcherOf({ incidents, now, receivers });
    await of({ sns: sns.receiver })([findings(findingAt('a', 0, 1)), cleared]);

    await of({ sns: sns.receiver, slack: slack.receiver })([cleared]);

    expect(slack.calls).toEqual([]);
  });

  it('dispatchAlerts() reports a receiver that takes nothing once', async () => {
    const slack = createScriptedReceiver({ canEdit: false });
    const sns = createScriptedReceiver({ canEdit: false, intervalMs: 0 });
    const { dispatch, clock } = createFixture({ slack: slack.receiver, sns: sns.receiver });
    const down = { type: 'put-off', reason: 'ECONNREFUSED', retryAfterMs: 600_000 } as const;
    slack.outcomes.push(down);
    await dispatch([findings(ofStage('prod'))]);
    clock.nowMs += 6 * 60_000;

    const report = await dispatch([findings(ofStage('dev'))]);

    expect(sns.messages.at(-1)?.summary.title).toBe('Messages do not reach slack');
    expect(report.failing).toEqual([{ receiver: 'slack', reason: 'ECONNREFUSED', sinceMs: START_MS }]);
  });
});

describe('dispatchAlerts() when telling one receiver throws', () => {
  it('dispatchAlerts() ends only when the other receiver was told, and then throws', async () => {
    let answer = (_: SendOutcome): void => {};
    const slack = createScriptedReceiver({
      send: () => new Promise<SendOutcome>((resolve) => (answer = resolve)),
    });
    const sns = createScriptedReceiver({
      send: async () => {
        throw new Error('No credentials');
      },
    });
    const { dispatch, incidents } = createFixture({ slack: slack.receiver, sns: sns.receiver });
    let isOver = false;
    const run = dispatch([findings(findingAt('a', 0, 1))]).finally(() => {
      isOver = true;
    });
    run.catch(() => {}); // looked at below

    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    answer({ type: 'sent', place: { channel: 'C1', ts: '1.000' } });

    await expect(run).rejects.toThrow('No credentials');
    expect(incidents.listAll()[0]?.deliveries['slack']?.place).toEqual({ channel: 'C1', ts: '1.000' });
  });
});

describe('dispatchAlerts() to a receiver that refuses', () => {
  const REFUSED = { type: 'refused', reason: 'channel_not_found' } as const;

  it('dispatchAlerts() keeps the message, tells the others why, and does not try it again by itself', async () => {
    const slack = createScriptedReceiver();
    const sns = createScriptedReceiver({ canEdit: false, intervalMs: 0 });
    const { dispatch, letters, incidents, clock } = createFixture({
      slack: slack.receiver,
      sns: sns.receiver,
    });
    slack.outcomes.push(REFUSED);

    const report = await dispatch([findings(findingAt('a', 0, 1))]);
    clock.nowMs += 60_000;
    await dispatch([findings(findingAt('a', 0, 2))]);

    expect(report).toMatchObject({ refused: 1, delivered: 2 });
    expect(slack.calls).toEqual(['post opened critical']);
    const [incident] = incidents.listAll();
    expect(letters).toEqual([
      {
        schemaVersion: 1,
        type: 'undeliverable',
        receiver: 'slack',
        storyKey: incident?.story.key,
        incidentId: incident?.id,
        version: 1,
        reason: 'channel_not_found',
        refusedAt: iso(0),
      },
    ]);
    expect(sns.messages[1]?.summary).toMatchObject({
      title: 'Messages do not reach slack',
      facts: [
        { label: 'Reason', value: 'channel_not_found' },
        { label: 'Kept', value: '1 message in the dead letters' },
      ],
    });
  });

  it('dispatchAlerts() does not take it for over when the receiver was not asked again', async () => {
    const slack = createScriptedReceiver({ minSeverity: 'critical' });
    const sns = createScriptedReceiver({ canEdit: false, intervalMs: 0 });
    const { dispatch, clock } = createFixture({ slack: slack.receiver, sns: sns.receiver });
    slack.outcomes.push(REFUSED);
    await dispatch([findings(ofStage('a'))]);
    clock.nowMs += 60_000;

    await dispatch([findings(ofStage('b', { severity: 'warning' }))]);

    expect(sns.messages.map(({ summary }) => summary.announcement)).toEqual(['opened', 'opened', 'opened']);
  });

  it('dispatchAlerts() does not try the next incident of a story again for a letter of an earlier one', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, letters } = createFixture({ slack: slack.receiver });
    slack.outcomes.push(REFUSED);
    await dispatch([findings(findingAt('a', 0, 1))]);
    const { receiver = '', storyKey = '' } = letters[0] ?? {};

    await dispatch([{ type: 'delivery.redriven', receiver, storyKey, incidentId: 'an earlier one' }]);

    expect(slack.calls).toEqual(['post opened critical']);
  });

  it('dispatchAlerts() tries it again when somebody redrives it, and tells the others that it is over', async () => {
    const slack = createScriptedReceiver();
    const sns = createScriptedReceiver({ canEdit: false, intervalMs: 0 });
    const { dispatch, letters } = createFixture({ slack: slack.receiver, sns: sns.receiver });
    slack.outcomes.push(REFUSED);
    await dispatch([findings(findingAt('a', 0, 1))]);
    const [letter] = letters;
    if (letter === undefined) throw new Error('No letter');
    const { receiver, storyKey, incidentId } = letter;
    const redriven: AlertEvent = { type: 'delivery.redriven', receiver, storyKey, incidentId };

    await dispatch([redriven]);
    await dispatch([redriven]);

    expect(slack.calls).toEqual(['post opened critical', 'post opened critical']);
    expect(sns.messages.map(({ summary }) => summary.announcement)).toEqual(['opened', 'opened', 'closed']);
  });
});
