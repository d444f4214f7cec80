import { describe, expect, it } from 'vitest';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';
import { createFixture, findings, ofStage, START_MS, SWEEP } from '#test/fakes/dispatch-fixture.ts';
import { ACCOUNT } from '#test/fakes/dispatcher.ts';
import { createScriptedReceiver } from '#test/fakes/scripted-receiver.ts';

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
