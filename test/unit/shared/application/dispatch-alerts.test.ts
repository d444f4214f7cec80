import { describe, expect, it } from 'vitest';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { AlertEvent } from '#shared/application/ports.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { ACCOUNT, createDispatcherOf, createReceiver } from '#test/fakes/dispatcher.ts';
import { createFinding } from '#test/fakes/finding.ts';

const START_MS = Date.parse('2026-03-02T14:00:00Z');
function iso(minute: number): string {
  return new Date(START_MS + minute * 60_000).toISOString();
}

function finding(minute: number, differences: Partial<Finding> = {}): AlertEvent {
  return {
    type: 'findings',
    findings: [
      createFinding({
        startedAt: iso(0),
        observedAt: iso(minute),
        lastBadAt: iso(minute),
        ...differences,
      }),
    ],
  };
}

function accountFinding(minute: number, differences: Partial<Finding> = {}): AlertEvent {
  return finding(minute, {
    id: 'a'.repeat(64),
    kind: 'headroom.exhausted',
    scope: ACCOUNT,
    cause: null,
    ...differences,
  });
}

function stageThrottling(minute: number, differences: Partial<Finding> = {}): AlertEvent {
  return finding(minute, {
    id: 'b'.repeat(64),
    kind: 'throttling.stage',
    severity: 'warning',
    cause: 'throttle.unknown-level',
    ...differences,
  });
}

function findingsOf(event: AlertEvent): readonly Finding[] {
  return event.type === 'findings' ? event.findings : [];
}

function completed(minute: number, openFindingIds: string[] = []): AlertEvent {
  return {
    type: 'evaluation.completed',
    completed: {
      schemaVersion: 1,
      evaluator: 'error-budget',
      scope: ACCOUNT,
      through: iso(minute),
      openFindingIds,
    },
  };
}

function createFixture(names: string[] = ['slack']) {
  const clock = { nowMs: START_MS };
  const now = () => new Date(clock.nowMs);
  const incidents = createMemoryIncidents();
  const outboxes = createMemoryOutboxes();
  const holdBack = createHoldBack({ mutes: createMemoryMutes(), incidents, now, wait: async () => {} });
  const sent: string[] = [];
  const facts: string[][] = [];
  const broken = new Set<string>();
  const receiverOf = (name: string) =>
    createReceiver(async ({ summary, incident }) => {
      // A delivery takes a while; what other dispatchers do meanwhile must not matter.
      await new Promise((resolve) => setImmediate(resolve));
      if (broken.has(name)) return { type: 'put-off', reason: 'ECONNREFUSED', retryAfterMs: null };
      sent.push(`${name} ${summary.announcement} ${incident.severity} ${incident.story.kind}`);
      facts.push(summary.facts.map(({ label }) => label));
      return { type: 'sent', place: null };
    });
  const createDispatcher = (owner: string) => {
    const dispatch = createDispatchAlerts({
      account: ACCOUNT,
      incidents,
      outboxes,
      holdBack,
      receivers: Object.fromEntries(names.map((name) => [name, receiverOf(name)])),
      keepUndeliverable: async () => {},
      now,
      wait: async (ms) => {
        clock.nowMs += ms;
      },
      owner,
    });
    return (events: readonly AlertEvent[]) => dispatch(events, { deadlineMs: clock.nowMs + 10_000 });
  };
  return {
    clock,
    incidents,
    outboxes,
    sent,
    facts,
    broken,
    createDispatcher,
    dispatch: createDispatcher('one'),
  };
}

describe('dispatchAlerts()', () => {
  it('dispatchAlerts() sends one message for a finding that is stated every minute', async () => {
    const { dispatch, sent } = createFixture();

    for (let minute = 1; minute <= 10; minute += 1) await dispatch([finding(minute)]);

    expect(sent).toEqual(['slack opened critical stage']);
  });

  it('dispatchAlerts() tells when it gets worse and when it ends, not when it gets better', async () => {
    const { dispatch, sent } = createFixture();

    await dispatch([finding(1, { severity: 'warning' })]);
    await dispatch([finding(2, { severity: 'critical' })]);
    await dispatch([finding(3, { severity: 'warning' })]);
    await dispatch([finding(9, { status: 'cleared' })]);

    expect(sent).toEqual([
      'slack opened warning stage',
      'slack worse critical stage',
      'slack closed critical stage',
    ]);
  });

  it('dispatchAlerts() tells all findings of an event in the first message', async () => {
    const { dispatch, incidents, facts } = createFixture();
    const culprit = stageThrottling(1, {
      kind: 'noisy-neighbour',
      cause: null,
      evidence: [{ label: 'Caused by', value: 'partner-api/v1' }],
    });
    const events = [accountFinding(1, { evidence: [{ label: 'Now', value: '120 %' }] }), culprit];

    await dispatch([
      {
        type: 'findings',
        findings: events.flatMap((event) => (event.type === 'findings' ? event.findings : [])),
      },
    ]);

    expect(incidents.listAll()).toHaveLength(1);
    expect(facts).toEqual([['Now', 'Caused by']]);
  });

  it('dispatchAlerts() opens no incident for an info finding', async () => {
    const { dispatch, sent, incidents } = createFixture();

    await dispatch([finding(1, { severity: 'info' })]);

    expect(sent).toEqual([]);
    expect(incidents.listAll()).toEqual([]);
  });

  it('dispatchAlerts() keeps to one message however many dispatchers get the same events at once', async () => {
    const { createDispatcher, sent, incidents } = createFixture();
    const dispatchers = Array.from({ length: 6 }, (_, index) => createDispatcher(`dispatcher-${index}`));

    await Promise.all(dispatchers.map((dispatch) => dispatch([finding(1)])));
    await Promise.all(dispatchers.map((dispatch) => dispatch([finding(8, { status: 'cleared' })])));

    expect(sent).toEqual(['slack opened critical stage', 'slack closed critical stage']);
    expect(incidents.listAll()).toHaveLength(1);
  });

  it('dispatchAlerts() tells the others when one receiver is down, and catches it up with the newest state', async () => {
    const { dispatch, sent, broken, clock } = createFixture(['slack', 'sns']);
    broken.add('slack');

    const report = await dispatch([finding(1)]);
    await dispatch([finding(8, { status: 'cleared' })]);
    broken.clear();
    clock.nowMs += 60_000;
    await dispatch([completed(9)]);

    expect(report).toMatchObject({ delivered: 1, failing: [{ receiver: 'slack', reason: 'ECONNREFUSED' }] });
    expect(sent).toEqual([
      'sns opened critical stage',
      'sns closed critical stage',
      'slack closed critical stage',
    ]);
  });

  it('dispatchAlerts() takes over when a dispatcher died during its delivery', async () => {
    const { createDispatcher, clock, outboxes, sent } = createFixture();
    const lease = { owner: 'dead', nowMs: clock.nowMs, untilMs: clock.nowMs + 30_000 };
    await outboxes.enter('slack', { storyKeys: [], ...lease });

    await createDispatcher('two')([finding(2)]);
    expect(sent).toEqual([]);
    clock.nowMs += 31_000;
    await createDispatcher('two')([finding(3)]);

    expect(sent).toEqual(['slack opened critical stage']);
  });

  it('dispatchAlerts() closes by the evidence of a completed evaluation when the cleared finding was lost', async () => {
    const { dispatch, sent } = createFixture();
    await dispatch([finding(1)]);

    await dispatch([completed(1)]);
    await dispatch([completed(7)]);

    expect(sent).toEqual(['slack opened critical stage', 'slack closed critical stage']);
  });

  it('dispatchAlerts() never closes by the silence of an evaluator or by another evaluator, and says that nobody knows', async () => {
    const { dispatch, sent, clock } = createFixture();
    await dispatch([finding(1)]);
    clock.nowMs += 24 * 60 * 60_000;

    await dispatch([accountFinding(1, { status: 'cleared', severity: 'info' })]);
    const other = completed(600);
    if (other.type === 'evaluation.completed')
      await dispatch([{ ...other, completed: { ...other.completed, evaluator: 'check-headroom' } }]);

    expect(sent).toEqual(['slack opened critical stage', 'slack unknown critical stage']);
  });

  it('dispatchAlerts() makes throttling of a stage part of an account incident that is open', async () => {
    const { dispatch, sent, incidents } = createFixture();

    await dispatch([accountFinding(1), stageThrottling(2)]);

    expect(sent).toEqual(['slack opened critical account']);
    expect(incidents.listAll().map(({ findings }) => findings.length)).toEqual([2]);
  });

  it('dispatchAlerts() merges a stage incident into the account incident that opens within three minutes', async () => {
    const { dispatch, sent, incidents } = createFixture();

    await dispatch([stageThrottling(1)]);
    await dispatch([accountFinding(3, { startedAt: iso(2) })]);

    expect(sent).toEqual([
      'slack opened warning stage',
      'slack opened critical account',
      'slack merged warning stage',
    ]);
    expect(incidents.listAll().map(({ status }) => status)).toEqual(['merged', 'open']);
  });

  it('dispatchAlerts() leaves a stage incident alone when the account incident opens later', async () => {
    const { dispatch, incidents } = createFixture();

    await dispatch([stageThrottling(1)]);
    await dispatch([accountFinding(9, { startedAt: iso(8) })]);

    expect(incidents.listAll().map(({ status }) => status)).toEqual(['open', 'open']);
  });

  it('dispatchAlerts() does not merge what the account throttle cannot explain', async () => {
    const { dispatch, incidents } = createFixture();

    await dispatch([finding(1, { cause: 'integration.function-error' }), accountFinding(2)]);

    expect(incidents.listAll().map(({ status }) => status)).toEqual(['open', 'open']);
  });

  it('dispatchAlerts() makes the findings of one event visible together, so that nobody tells half of them', async () => {
    const { incidents } = createFixture();
    const seen: number[] = [];
    const watched = {
      ...incidents,
      write: async (...args: Parameters<typeof incidents.write>) => {
        const [incident] = args;
        seen.push(incident.findings.length);
        return incidents.write(...args);
      },
    };
    const dispatch = createDispatcherOf({ incidents: watched, now: () => new Date(START_MS), receivers: {} });
    const events = [
      stageThrottling(1),
      accountFinding(1, { id: 'c'.repeat(64), kind: 'noisy-neighbour', severity: 'warning' }),
      accountFinding(1),
    ];

    await dispatch([{ type: 'findings', findings: events.flatMap((event) => findingsOf(event)) }]);

    expect(seen[0]).toBe(3);
  });
});
