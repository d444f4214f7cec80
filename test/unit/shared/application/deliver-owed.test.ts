import { describe, expect, it } from 'vitest';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { AlertEvent } from '#shared/application/ports.ts';
import type { Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';
import type { UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';
import { ACCOUNT, createDispatcherOf } from '#test/fakes/dispatcher.ts';
import { findingAt, iso } from '#test/fakes/incident-history.ts';
import { createScriptedReceiver } from '#test/fakes/scripted-receiver.ts';

const START_MS = Date.parse(iso(0));
const SWEEP: AlertEvent = { type: 'sweep' };
const UNKNOWN = { type: 'unknown', reason: 'TimeoutError' } as const;

function findings(...some: Finding[]): AlertEvent {
  return { type: 'findings', findings: some };
}

/** A finding of a stage of its own. */
function ofStage(stage: string, differences: Partial<Finding> = {}, minute = 1): Finding {
  const scope = { ...ACCOUNT, apiId: 'a1b2c3', apiName: 'orders-api', stage };
  return findingAt(`finding of ${stage}`, 0, minute, { scope, ...differences });
}

function createFixture(receivers: Readonly<Record<string, Receiver>>) {
  const clock = { nowMs: START_MS };
  const now = () => new Date(clock.nowMs);
  const incidents = createMemoryIncidents();
  const outboxes = createMemoryOutboxes();
  const mutes = createMemoryMutes();
  const letters: UndeliverableLetter[] = [];
  const createDispatcher = (owner: string) => {
    const dispatch = createDispatchAlerts({
      account: ACCOUNT,
      incidents,
      outboxes,
      holdBack: createHoldBack({ mutes, incidents, now, wait: async () => {} }),
      receivers,
      keepUndeliverable: async (letter) => void letters.push(letter),
      now,
      wait: async (ms) => {
        if (ms > 50) clock.nowMs += ms; // shorter ones are the random pauses between writes
      },
      owner,
    });
    return (events: readonly AlertEvent[], seconds = 45) =>
      dispatch(events, { deadlineMs: clock.nowMs + seconds * 1_000 });
  };
  const dispatch = createDispatcher('one');
  const elapsedMs = () => clock.nowMs - START_MS;
  return { clock, elapsedMs, incidents, mutes, letters, createDispatcher, dispatch };
}

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

describe('dispatchAlerts() and mutes', () => {
  function createMute(differences: Partial<Mute> = {}): Mute {
    return {
      schemaVersion: 1,
      id: 'mute-1',
      match: { api: 'orders-api' },
      reason: 'load test',
      createdBy: null,
      createdAtMs: START_MS,
      untilMs: START_MS + 3_600_000,
      endedAtMs: null,
      heldBack: { count: 0, incidents: [] },
      ...differences,
    };
  }

  async function createMuted() {
    const slack = createScriptedReceiver();
    const fixture = createFixture({ slack: slack.receiver });
    await fixture.mutes.write([createMute()], null);
    return { slack, ...fixture };
  }

  it('dispatchAlerts() holds a muted incident back, counts it once, and tells it at the end if it is still open', async () => {
    const { slack, dispatch, mutes, clock } = await createMuted();

    await dispatch([findings(ofStage('prod'))]);
    await dispatch([findings(ofStage('prod', {}, 2))]);
    expect(slack.calls).toEqual([]);
    expect((await mutes.read()).mutes[0]?.heldBack).toMatchObject({ count: 1 });
    clock.nowMs = START_MS + 3_600_000;
    await dispatch([findings(ofStage('prod', {}, 60)), SWEEP]);

    expect(slack.messages.map(({ incident }) => incident.story.kind).sort()).toEqual(['mute', 'stage']);
    expect((await mutes.read()).mutes).toEqual([]);
  });

  it('dispatchAlerts() does not count what nobody would have been told', async () => {
    const slack = createScriptedReceiver({ minSeverity: 'critical' });
    const { dispatch, mutes } = createFixture({ slack: slack.receiver });
    await mutes.write([createMute()], null);

    await dispatch([findings(ofStage('prod', { severity: 'warning' }))]);
    expect((await mutes.read()).mutes[0]?.heldBack.count).toBe(0);
    await dispatch([findings(ofStage('prod', {}, 2))]);

    expect((await mutes.read()).mutes[0]?.heldBack.count).toBe(1);
  });

  it('dispatchAlerts() says at the end what was held back and is over, in one message', async () => {
    const { slack, dispatch, clock } = await createMuted();

    await dispatch([findings(ofStage('prod')), findings(ofStage('dev'))]);
    const cleared = { status: 'cleared' } as const;
    await dispatch([findings(ofStage('prod', cleared, 9)), findings(ofStage('dev', cleared, 9))]);
    clock.nowMs = START_MS + 3_600_000;
    await dispatch([SWEEP]);
    await dispatch([SWEEP]);

    expect(slack.messages.map(({ incident }) => incident.story.kind)).toEqual(['mute']);
  });

  it('dispatchAlerts() tells the end of what was muted before, if a receiver was away in between', async () => {
    const { slack, dispatch, clock } = await createMuted();
    await dispatch([findings(ofStage('prod'))]);
    clock.nowMs = START_MS + 3_600_000;
    slack.outcomes.push({ type: 'put-off', reason: 'HTTP 429', retryAfterMs: 90_000 });
    await dispatch([SWEEP, findings(ofStage('prod', {}, 61))]);
    await dispatch([findings(ofStage('prod', { status: 'cleared' }, 62))]);
    clock.nowMs += 120_000;

    await dispatch([SWEEP]);

    const told = slack.messages.map(
      ({ summary, incident }) => `${summary.announcement} ${incident.story.kind}`,
    );
    expect(told.slice(1).sort()).toEqual(['closed mute', 'closed stage']);
  });

  it('dispatchAlerts() tells at once what it can count for no mute any more', async () => {
    const { slack, incidents, clock } = await createMuted();
    const now = () => new Date(clock.nowMs);
    const mute = createMute();
    const dispatch = createDispatchAlerts({
      account: ACCOUNT,
      incidents,
      outboxes: createMemoryOutboxes(),
      holdBack: {
        read: async () => (clock.nowMs === START_MS ? [mute] : []),
        hold: async () => false, // somebody ended it just now, and another dispatcher has told that
        takeEnded: async () => ({ findings: [], markTold: async () => {} }),
      },
      receivers: { slack: slack.receiver },
      keepUndeliverable: async () => {},
      now,
      wait: async () => {},
      owner: 'one',
    });
    await dispatch([findings(ofStage('prod'))], { deadlineMs: START_MS + 45_000 });

    expect(incidents.listAll()[0]?.heldBackBy).toBeNull();
    clock.nowMs += 60_000;
    await dispatch([findings(ofStage('prod', { status: 'cleared' }, 2))], {
      deadlineMs: clock.nowMs + 45_000,
    });
    expect(slack.calls).toEqual(['post closed critical']);
  });

  it('dispatchAlerts() edits what was told before it was muted, and disturbs nobody', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, mutes } = createFixture({ slack: slack.receiver });
    await dispatch([findings(ofStage('prod', { severity: 'warning' }))]);
    await mutes.write([createMute()], null);

    await dispatch([findings(ofStage('prod', {}, 2))]);

    expect(slack.calls).toEqual(['post opened warning', 'edit opened critical']);
    expect(slack.messages[1]?.summary.mutedUntilMs).toBe(START_MS + 3_600_000);
  });

  it('dispatchAlerts() tells although it is muted that what was told before has closed', async () => {
    const slack = createScriptedReceiver();
    const { dispatch, mutes } = createFixture({ slack: slack.receiver });
    await dispatch([findings(ofStage('prod'))]);
    await mutes.write([createMute()], null);

    await dispatch([findings(ofStage('prod', { status: 'cleared' }, 9))]);

    expect(slack.calls).toEqual([
      'post opened critical',
      'edit closed critical',
      'reply closed critical, in the channel',
    ]);
    expect((await mutes.read()).mutes[0]?.heldBack.count).toBe(0);
  });
});
