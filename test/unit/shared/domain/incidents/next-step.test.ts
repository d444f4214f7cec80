import { describe, expect, it } from 'vitest';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { type Delivery, UNTOLD } from '#shared/domain/incidents/delivery.ts';
import { applyFinding, type Incident, mergeInto } from '#shared/domain/incidents/incident.ts';
import { isDue, nextStep, owesDelivery, type Step, urgencyOf } from '#shared/domain/incidents/next-step.ts';
import { snapshotOf } from '#shared/domain/incidents/snapshot.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';
import { findingAt, incidentOf } from '#test/fakes/incident-history.ts';

const BOT = { name: 'slack', canEdit: true, minSeverity: 'warning' } as const;
const WEBHOOK = { ...BOT, canEdit: false };
const PLACE = { channel: 'C1', ts: '1772460187.000100' };
const WARNING = { severity: 'warning' } as const;
const CRITICAL = { severity: 'critical' } as const;
const CLEARED = { status: 'cleared' } as const;
const START_MS = 1_000_000;

function tell(incident: Incident, differences: Partial<Delivery> = {}): Incident {
  const told = snapshotOf(incident);
  const delivery = { ...UNTOLD, told, shown: told, place: PLACE, sentAtMs: START_MS, ...differences };
  return { ...incident, deliveries: { slack: delivery } };
}

function extend(incident: Incident, ...findings: Finding[]): Incident {
  return findings.reduce((so, finding) => applyFinding(so, storyOf(finding), finding) ?? so, incident);
}

function stepOf(
  incident: Incident,
  receiver: Parameters<typeof nextStep>[1] = BOT,
  { afterMs = 0, isMuted = false } = {},
): Step | null {
  return nextStep(incident, receiver, { nowMs: START_MS + afterMs, isMuted });
}

const OPEN = incidentOf(findingAt('a', 0, 1, WARNING));
const TOLD = tell(OPEN);
const WORSE = extend(TOLD, findingAt('a', 0, 2, CRITICAL));
const CLOSED = extend(TOLD, findingAt('a', 0, 9, { ...WARNING, ...CLEARED }));

describe('nextStep() before anything was told', () => {
  it.each([
    ['a bot', BOT],
    ['a webhook', WEBHOOK],
  ])('nextStep() posts an open incident by %s', (_, receiver) => {
    expect(stepOf(OPEN, receiver)).toEqual({ step: 'post', announcement: 'opened' });
  });

  it('nextStep() posts an incident that was over before anybody was told, as closed', () => {
    const over = extend(OPEN, findingAt('a', 0, 9, { ...WARNING, ...CLEARED }));

    expect(stepOf(over)).toEqual({ step: 'post', announcement: 'closed' });
  });

  it('nextStep() leaves an incident that a mute held back until it was over to the end of the mute', () => {
    const over = extend(OPEN, findingAt('a', 0, 9, { ...WARNING, ...CLEARED }));

    expect(stepOf({ ...over, heldBackBy: 'mute-1' })).toBeNull();
    expect(stepOf({ ...OPEN, heldBackBy: 'mute-1' })).toEqual({ step: 'post', announcement: 'opened' });
  });

  it('nextStep() tells a receiver nothing that was never bad enough for it, and all of what gets so bad', () => {
    const strict = { ...BOT, minSeverity: 'critical' } as const;

    expect(stepOf(OPEN, strict)).toBeNull();
    expect(stepOf(extend(OPEN, findingAt('a', 0, 2, CRITICAL)), strict)).toMatchObject({ step: 'post' });
  });

  it('nextStep() is nothing for a muted or a merged incident', () => {
    expect(stepOf(OPEN, BOT, { isMuted: true })).toBeNull();
    expect(stepOf(mergeInto(OPEN, incidentOf(findingAt('b', 0, 1))))).toBeNull();
  });

  it('nextStep() says at once that nobody knows whether it goes on', () => {
    const unknown = { ...OPEN, unknownSince: '2026-03-02T14:01:00.000Z' };

    expect(stepOf(unknown)).toEqual({ step: 'post', announcement: 'unknown' });
  });
});

describe('nextStep() of a bot', () => {
  it('nextStep() owes nothing while nothing has changed', () => {
    expect(stepOf(TOLD)).toBeNull();
    expect(stepOf(TOLD, BOT, { afterMs: 3_600_000 })).toBeNull();
  });

  it.each([
    ['nearly 10 % more', 4.5, 0, null],
    ['more than that', 4.52, 0, true],
    ['more than that less', 3.6, 0, true],
    ['the same, after 4 min 59 s', 4.1, 299_000, null],
    ['the same, after 5 min', 4.1, 300_000, true],
  ])('nextStep() for a value that is %s', (_, value, afterMs, expected) => {
    const again = extend(TOLD, findingAt('a', 0, 2, { ...WARNING, value }));

    expect(stepOf(again, BOT, { afterMs })).toEqual(
      expected === null ? null : { step: 'edit', isRefresh: true },
    );
  });

  it('nextStep() edits what got worse, then answers in the channel as well', () => {
    expect(stepOf(WORSE)).toEqual({ step: 'edit', isRefresh: false });

    const edited = tell(WORSE, { told: snapshotOf(OPEN) });
    expect(stepOf(edited)).toEqual({
      step: 'reply',
      changes: { announcement: 'worse', joined: [], ended: [] },
      isBroadcast: true,
    });
    expect(stepOf(tell(WORSE))).toBeNull();
  });

  it('nextStep() edits what is over, then answers in the channel as well', () => {
    expect(stepOf(CLOSED)).toEqual({ step: 'edit', isRefresh: false });

    const step = stepOf(tell(CLOSED, { told: snapshotOf(OPEN) }));
    expect(step).toMatchObject({
      step: 'reply',
      changes: { announcement: 'closed' },
      isBroadcast: true,
    });
  });

  it('nextStep() answers in the thread only when another finding joins, with that finding', () => {
    const joined = extend(TOLD, findingAt('b', 1, 2, WARNING));

    const step = stepOf(tell(joined, { told: snapshotOf(OPEN) }));

    expect(step).toMatchObject({ step: 'reply', changes: { announcement: 'changed' }, isBroadcast: false });
    expect(step?.step === 'reply' && step.changes.joined.map(({ id }) => id)).toEqual(['b']);
  });

  it('nextStep() answers in the thread only when one of two findings ends, with that finding', () => {
    const two = tell(extend(TOLD, findingAt('b', 1, 2, WARNING)));
    const ended = extend(two, findingAt('b', 1, 9, { ...WARNING, ...CLEARED }));

    const step = stepOf(tell(ended, { told: snapshotOf(two) }));

    expect(step).toMatchObject({ step: 'reply', isBroadcast: false });
    expect(step?.step === 'reply' && step.changes.ended.map(({ id }) => id)).toEqual(['b']);
  });

  it('nextStep() answers in the channel when it comes back, and in the thread when nobody knows', () => {
    const back = extend(tell(CLOSED), findingAt('a', 20, 21, WARNING));
    const unknown = { ...TOLD, unknownSince: '2026-03-02T14:01:00.000Z' };

    expect(stepOf(tell(back, { told: snapshotOf(CLOSED) }))).toMatchObject({
      changes: { announcement: 'reopened' },
      isBroadcast: true,
    });
    expect(stepOf(tell(unknown, { told: snapshotOf(TOLD) }))).toMatchObject({
      changes: { announcement: 'unknown' },
      isBroadcast: false,
    });
  });

  it('nextStep() edits a muted incident, and says nothing that would disturb', () => {
    expect(stepOf(WORSE, BOT, { isMuted: true })).toEqual({ step: 'edit', isRefresh: false });
    expect(stepOf(tell(WORSE, { told: snapshotOf(OPEN) }), BOT, { isMuted: true })).toBeNull();
  });

  it('nextStep() posts anew when somebody deleted the message of what goes on', () => {
    const gone = { place: null };

    expect(stepOf(tell(WORSE, { ...gone, told: snapshotOf(OPEN) }))).toEqual({
      step: 'post',
      announcement: 'worse',
    });
    expect(stepOf(tell(CLOSED, gone))).toBeNull();
    expect(stepOf(tell(CLOSED, { ...gone, told: snapshotOf(OPEN) }))).toEqual({
      step: 'post',
      announcement: 'closed',
    });
    expect(stepOf(tell(WORSE, { ...gone, told: snapshotOf(OPEN) }), BOT, { isMuted: true })).toBeNull();
  });

  it('nextStep() posts anew without news an hour after the last that was told', () => {
    const gone = tell(OPEN, { place: null });

    expect(stepOf(gone, BOT, { afterMs: 3_599_999 })).toBeNull();
    expect(stepOf(gone, BOT, { afterMs: 3_600_000 })).toEqual({ step: 'post', announcement: 'changed' });
    expect(stepOf(tell(CLOSED, { place: null }), BOT, { afterMs: 3_600_000 })).toBeNull();
  });

  it('nextStep() posts at once what is open and was told by a webhook before there was a bot', () => {
    const byWebhook = { place: null, shown: null };

    expect(stepOf(tell(OPEN, byWebhook))).toEqual({ step: 'post', announcement: 'changed' });
    expect(stepOf(tell(OPEN, byWebhook), BOT, { isMuted: true })).toBeNull();
    expect(stepOf(tell(CLOSED, byWebhook))).toBeNull();
  });
});

describe('nextStep() of a webhook', () => {
  it.each<[string, Incident, object | null]>([
    ['worse', WORSE, { step: 'post', announcement: 'worse' }],
    ['closed', CLOSED, { step: 'post', announcement: 'closed' }],
    ['another finding', extend(TOLD, findingAt('b', 1, 2, WARNING)), null],
    ['another value', extend(TOLD, findingAt('a', 0, 2, { ...WARNING, value: 99 })), null],
  ])('nextStep() when there is %s', (_, incident, expected) => {
    expect(stepOf(incident, WEBHOOK)).toEqual(expected);
  });
});

describe('nextStep() after a refusal', () => {
  const refusal = { reason: 'invalid_blocks', atMs: START_MS, snapshot: snapshotOf(OPEN) };
  const refused = tell(OPEN, { told: null, shown: null, place: null, refusal });

  it('nextStep() does not try the same again, and neither is it owed', () => {
    expect(stepOf(refused)).toBeNull();
    expect(stepOf(extend(refused, findingAt('a', 0, 2, { ...WARNING, value: 99 })))).toBeNull();
    expect(owesDelivery(refused, BOT)).toBe(false);
  });

  it('nextStep() tries another state', () => {
    expect(stepOf(extend(refused, findingAt('a', 0, 2, CRITICAL)))).toMatchObject({ step: 'post' });
    expect(stepOf(extend(refused, findingAt('a', 0, 9, { ...WARNING, ...CLEARED })))).toMatchObject({
      step: 'post',
      announcement: 'closed',
    });
  });
});

describe('isDue()', () => {
  it('isDue() is true while nobody knows what became of an attempt', () => {
    const attempt = { token: 't', step: 'post', startedAtMs: START_MS, snapshot: snapshotOf(OPEN) } as const;

    expect(isDue(tell(OPEN, { attempt }), BOT, { nowMs: START_MS, isMuted: true })).toBe(true);
    expect(isDue(tell(OPEN), BOT, { nowMs: START_MS, isMuted: false })).toBe(false);
  });
});

it('nextStep() does not tell a receiver that it takes nothing', () => {
  const scope = { accountId: '123456789012', region: 'us-east-1', subject: 'slack' };
  const incident = incidentOf(findingAt('a', 0, 1, { kind: 'alerting.undeliverable', scope }));

  expect(stepOf(incident)).toBeNull();
  expect(stepOf(incident, { ...BOT, name: 'sns' })).toMatchObject({ step: 'post' });
});

it('urgencyOf() puts what people wait for first, and numbers last', () => {
  const changes = { announcement: 'changed', joined: [], ended: [] } as const;
  const steps: [Step, 'critical' | 'warning'][] = [
    [{ step: 'post', announcement: 'opened' }, 'critical'],
    [{ step: 'edit', isRefresh: false }, 'warning'],
    [{ step: 'reply', changes, isBroadcast: false }, 'critical'],
    [{ step: 'edit', isRefresh: true }, 'critical'],
  ];

  expect(steps.map(([step, severity]) => urgencyOf(step, severity))).toEqual([0, 1, 2, 3]);
});
