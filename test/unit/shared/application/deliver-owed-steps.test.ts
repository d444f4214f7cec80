import { describe, expect, it } from 'vitest';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';
import { createFixture, findings, ofStage, START_MS, SWEEP, UNKNOWN } from '#test/fakes/dispatch-fixture.ts';
import { ACCOUNT } from '#test/fakes/dispatcher.ts';
import { findingAt } from '#test/fakes/incident-history.ts';
import { createScriptedReceiver } from '#test/fakes/scripted-receiver.ts';

describe('dispatchAlerts() to a bot', () => {
  it('dispatchAlerts() keeps one message up to date, and answers in its thread', async () => {
    const slack = createScriptedReceiver();
    const { dispatch } = createFixture({ slack: slack.receiver });

    await dispatch([findings(findingAt('a', 0, 1, { severity: 'warning' }))]);
    await dispatch([findings(findingAt('a', 0, 2))]);
    await dispatch([findings(findingAt('a', 0, 9, { status: 'cleared' }))]);

    expect(slack.calls).toEqual([
      'post opened warning',
      'edit opened critical',
      'reply worse critical, in the channel',
      'edit closed critical',
      'reply closed critical, in the channel',
    ]);
    const places = slack.messages.map((message) => (message.step === 'post' ? null : message.place.ts));
    expect(places).toEqual([null, '1.000', '1.000', '1.000', '1.000']);
  });

  it('dispatchAlerts() tells in the thread what else belongs to an incident that several findings opened', async () => {
    const slack = createScriptedReceiver();
    const { dispatch } = createFixture({ slack: slack.receiver });

    await dispatch([findings(findingAt('a', 0, 1), findingAt('b', 0, 1))]);

    expect(slack.calls).toEqual(['post opened critical', 'reply changed critical']);
    const [, reply] = slack.messages;
    expect(reply?.step === 'reply' && reply.changes.joined.map(({ id }) => id)).toEqual(['b']);
  });

  it('dispatchAlerts() keeps to the pace that the receiver wants, also across dispatchers', async () => {
    const slack = createScriptedReceiver();
    const { createDispatcher, elapsedMs } = createFixture({ slack: slack.receiver });

    await createDispatcher('one')([findings(ofStage('a')), findings(ofStage('b'))]);
    await createDispatcher('two')([findings(ofStage('c'))]);

    expect(slack.calls).toHaveLength(3);
    expect(elapsedMs()).toBe(2_000);
  });

  it('dispatchAlerts() looks for a message whose answer was lost before it sends it again, and finds it', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, clock } = createFixture({ slack: slack.receiver });
    slack.outcomes.push(UNKNOWN);
    slack.found.push({ type: 'found', place: { channel: 'C1', ts: '99.000' } });

    await dispatch([findings(findingAt('a', 0, 1))]);

    expect(slack.calls).toEqual(['post opened critical', 'find']);
    const [message] = slack.messages;
    expect(slack.searches).toEqual([
      { token: message?.step === 'post' && message.token, sinceMs: START_MS, thread: null },
    ]);
    clock.nowMs += 60_000;
    await dispatch([findings(findingAt('a', 0, 9, { status: 'cleared' }))]);
    expect(slack.messages[1]).toMatchObject({ step: 'edit', place: { ts: '99.000' } });
  });

  it('dispatchAlerts() looks no sooner than ten seconds later, and sends again what is not there', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, elapsedMs } = createFixture({ slack: slack.receiver });
    slack.outcomes.push(UNKNOWN);

    await dispatch([findings(findingAt('a', 0, 1))]);

    expect(slack.calls).toEqual(['post opened critical', 'find', 'post opened critical']);
    expect(elapsedMs()).toBe(11_000);
  });

  it('dispatchAlerts() looks in the thread for an answer that was not confirmed', async () => {
    const slack = createScriptedReceiver();
    const { dispatch } = createFixture({ slack: slack.receiver });
    await dispatch([findings(findingAt('a', 0, 1, { severity: 'warning' }))]);
    slack.outcomes.push({ type: 'sent', place: null }, UNKNOWN);
    slack.found.push({ type: 'found', place: { channel: 'C1', ts: '2.000' } });

    await dispatch([findings(findingAt('a', 0, 2))]);

    expect(slack.calls.slice(1)).toEqual([
      'edit opened critical',
      'reply worse critical, in the channel',
      'find',
    ]);
    expect(slack.searches[0]?.thread).toEqual({ channel: 'C1', ts: '1.000' });
  });

  it('dispatchAlerts() marks what may come twice where it may not look', async () => {
    const slack = createScriptedReceiver();
    const { dispatch } = createFixture({ slack: slack.receiver });
    slack.outcomes.push(UNKNOWN);
    slack.found.push({ type: 'blind', reason: 'missing_scope' });

    await dispatch([findings(findingAt('a', 0, 1))]);

    expect(slack.calls).toEqual(['post opened critical', 'find', 'post opened critical, maybe again']);
  });

  it('dispatchAlerts() of another process clears up what one that died had begun', async () => {
    const slack = createScriptedReceiver({
      send: async () => {
        throw new Error('The process was killed');
      },
    });
    const healthy = createScriptedReceiver();
    const fixture = createFixture({ slack: slack.receiver });
    await expect(fixture.dispatch([findings(findingAt('a', 0, 1))])).rejects.toThrow('killed');
    Object.assign(slack.receiver, { send: healthy.receiver.send, find: healthy.receiver.find });
    healthy.found.push({ type: 'found', place: { channel: 'C1', ts: '7.000' } });

    await fixture.createDispatcher('two')([SWEEP]);
    expect(healthy.calls).toEqual([]); // the lease of the first has not run out
    fixture.clock.nowMs = START_MS + 45_000 + 14_999; // a call after its deadline, and three seconds
    await fixture.createDispatcher('two')([SWEEP]);
    expect(healthy.calls).toEqual([]);
    fixture.clock.nowMs += 1;
    await fixture.createDispatcher('two')([SWEEP]);

    expect(healthy.calls).toEqual(['find']);
  });

  it('dispatchAlerts() posts anew when its message was deleted', async () => {
    const slack = createScriptedReceiver();
    const { dispatch } = createFixture({ slack: slack.receiver });
    await dispatch([findings(findingAt('a', 0, 1, { severity: 'warning' }))]);
    slack.outcomes.push({ type: 'gone' });

    await dispatch([findings(findingAt('a', 0, 2))]);

    expect(slack.calls.slice(1)).toEqual(['edit opened critical', 'post worse critical']);
  });

  it('dispatchAlerts() does not look for an answer to a message that was deleted', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, incidents } = createFixture({ slack: slack.receiver });
    await dispatch([findings(findingAt('a', 0, 1, { severity: 'warning' }))]);
    slack.outcomes.push({ type: 'sent', place: null }, { type: 'gone' });

    await dispatch([findings(findingAt('a', 0, 2))]);

    expect(slack.calls.slice(1)).toEqual([
      'edit opened critical',
      'reply worse critical, in the channel',
      'post worse critical',
    ]);
    expect(incidents.listAll()[0]?.deliveries['slack']?.attempt).toBeNull();
  });

  it('dispatchAlerts() leaves a receiver to who has its lease now', async () => {
    const slack = createScriptedReceiver();
    const incidents = createMemoryIncidents();
    const now = () => new Date(START_MS);
    const dispatch = createDispatchAlerts({
      account: ACCOUNT,
      incidents,
      outboxes: { ...createMemoryOutboxes(), takeWaiting: async () => null },
      holdBack: createHoldBack({ mutes: createMemoryMutes(), incidents, now, wait: async () => {} }),
      receivers: { slack: slack.receiver },
      keepUndeliverable: async () => {},
      now,
      wait: async () => {},
      owner: 'late',
    });

    const report = await dispatch([findings(findingAt('a', 0, 1))], { deadlineMs: START_MS + 45_000 });

    expect(report).toEqual({ delivered: 0, refused: 0, failing: [] });
    expect(slack.calls).toEqual([]);
    expect(incidents.listAll()[0]?.isActive).toBe(true);
  });

  it('dispatchAlerts() posts no more than once an hour anew where no message can be edited', async () => {
    const slack = createScriptedReceiver();
    const { send } = slack.receiver;
    const receiver: Receiver = {
      ...slack.receiver,
      send: async (message) => (message.step === 'edit' ? { type: 'gone' } : send(message)),
    };
    const { dispatch, clock } = createFixture({ slack: receiver });

    for (let minute = 0; minute <= 125; minute += 1) {
      clock.nowMs = START_MS + minute * 60_000;
      await dispatch([findings(findingAt('a', 0, minute + 1, { value: 4 * 1.5 ** (minute % 2) }))]);
    }

    expect(slack.calls).toEqual(['post opened critical', 'post changed critical', 'post changed critical']);
  });

  it('dispatchAlerts() does what people wait for first', async () => {
    const slack = createScriptedReceiver();
    const { dispatch } = createFixture({ slack: slack.receiver });

    await dispatch([
      findings(ofStage('a', { severity: 'warning' })),
      findings(ofStage('b', { severity: 'warning' })),
      findings(ofStage('c')),
    ]);

    expect(slack.messages.map(({ incident }) => incident.scope.stage)).toEqual(['c', 'a', 'b']);
  });
});

describe('dispatchAlerts() to a webhook', () => {
  it('dispatchAlerts() sends again, marked, what was not confirmed', async () => {
    const slack = createScriptedReceiver({ canEdit: false });
    const { dispatch } = createFixture({ slack: slack.receiver });
    slack.outcomes.push(UNKNOWN);

    await dispatch([findings(findingAt('a', 0, 1))]);

    expect(slack.calls).toEqual(['post opened critical', 'post opened critical, maybe again']);
  });

  it('dispatchAlerts() goes on marking it although the repeat certainly did not arrive', async () => {
    const slack = createScriptedReceiver({ canEdit: false });
    const { dispatch } = createFixture({ slack: slack.receiver });
    slack.outcomes.push(UNKNOWN, { type: 'put-off', reason: 'HTTP 429', retryAfterMs: 2_000 });

    await dispatch([findings(findingAt('a', 0, 1))]);

    expect(slack.calls.slice(1)).toEqual([
      'post opened critical, maybe again',
      'post opened critical, maybe again',
    ]);
  });
});
