import { describe, expect, it } from 'vitest';
import { describeMatch, toHeldBackFinding } from '#shared/domain/findings/describe-held-back.ts';
import { applyFinding } from '#shared/domain/incidents/incident.ts';
import type { HeldIncident, MuteMatch } from '#shared/domain/incidents/mute.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';
import { createMute, MUTED_AT_MS } from '#test/fakes/mute.ts';

const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

function held(number: number, differences: Partial<HeldIncident> = {}): HeldIncident {
  return {
    id: `incident-${number}`,
    title: `Trouble ${number}`,
    severity: 'warning',
    openedAt: '2026-03-02T14:05:00.000Z',
    ...differences,
  };
}

function evidence(count: number, incidents: readonly HeldIncident[], openIds: readonly string[] = []) {
  const mute = createMute({ heldBack: { count, incidents } });
  const finding = toHeldBackFinding(mute, ACCOUNT, new Set(openIds));
  return Object.fromEntries(finding.evidence.map(({ label, value }) => [label, value]));
}

describe('toHeldBackFinding()', () => {
  it('toHeldBackFinding() tells what was muted, by whom, why, and what it held back', () => {
    const mute = createMute({
      match: { api: 'orders-api', stage: 'prod', kind: 'latency' },
      heldBack: { count: 2, incidents: [held(1), held(2, { severity: 'critical' })] },
    });

    expect(toHeldBackFinding(mute, ACCOUNT, new Set(['incident-1', 'other']))).toEqual({
      schemaVersion: 1,
      kind: 'alerting.held-back',
      evaluator: 'mutes',
      severity: 'warning',
      status: 'cleared',
      scope: { ...ACCOUNT, subject: 'm1' },
      startedAt: '2026-03-02T14:00:00.000Z',
      observedAt: '2026-03-02T16:00:00.000Z',
      lastBadAt: '2026-03-02T16:00:00.000Z',
      dataDelaySeconds: 0,
      value: 2,
      expected: null,
      unit: 'incidents',
      title: 'Mute of API orders-api, stage prod, kind latency is over: it held back 2 incidents',
      evidence: [
        { label: 'Muted', value: 'API orders-api, stage prod, kind latency' },
        { label: 'By', value: 'ana at 14:00 UTC, for 2 h' },
        { label: 'Reason', value: 'load test' },
        { label: 'Held back', value: 'Trouble 2 · Trouble 1' },
        { label: 'Still open', value: 'Trouble 1' },
      ],
      links: [],
      nextStep: 'Look at the one that is still open: it is told now.',
      cause: null,
    });
  });

  it('toHeldBackFinding() names the worst few and counts the others', () => {
    const incidents = Array.from({ length: 20 }, (_, index) =>
      held(index, { severity: index === 19 ? 'critical' : 'warning' }),
    );

    const facts = evidence(
      31,
      incidents,
      incidents.slice(0, 7).map(({ id }) => id),
    );

    expect(facts['Held back']).toBe(
      'Trouble 19 · Trouble 0 · Trouble 1 · Trouble 2 · Trouble 3 · and 26 more',
    );
    expect(facts['Still open']).toBe(
      'Trouble 0 · Trouble 1 · Trouble 2 · Trouble 3 · Trouble 4 · and 2 more',
    );
  });

  it('toHeldBackFinding() says when nothing is left to do', () => {
    const mute = createMute({ heldBack: { count: 1, incidents: [held(1)] } });

    expect(evidence(1, [held(1)])['Still open']).toBe('none');
    expect(toHeldBackFinding(mute, ACCOUNT, new Set()).nextStep).toContain('Nothing is left to do');
  });

  it('toHeldBackFinding() ends when somebody ended the mute, whose name may not be known', () => {
    const endedAtMs = MUTED_AT_MS + 30 * 60_000;
    const mute = createMute({ endedAtMs, createdBy: null, heldBack: { count: 1, incidents: [held(1)] } });

    const finding = toHeldBackFinding(mute, ACCOUNT, new Set());

    expect(finding.observedAt).toBe('2026-03-02T14:30:00.000Z');
    expect(finding.evidence[1]).toEqual({ label: 'By', value: 'somebody at 14:00 UTC, for 30 min' });
  });

  it('toHeldBackFinding() makes a closed incident of its own, and told twice the same one', () => {
    const mute = createMute({ heldBack: { count: 1, incidents: [held(1)] } });
    const finding = { ...toHeldBackFinding(mute, ACCOUNT, new Set()), id: 'f'.repeat(64) };

    const incident = applyFinding(null, storyOf(finding), finding);

    expect(incident).toMatchObject({
      story: { kind: 'mute', key: 'mute|123456789012|us-east-1|m1' },
      status: 'closed',
      severity: 'warning',
      closedAt: '2026-03-02T16:00:00.000Z',
    });
    expect(applyFinding(incident, storyOf(finding), finding)).toBe(incident);
  });
});

describe('describeMatch()', () => {
  it.each<[MuteMatch, string]>([
    [{ api: 'a1b2c3' }, 'API a1b2c3'],
    [{ stage: 'prod' }, 'stage prod'],
    [{ kind: 'headroom', api: 'orders-api' }, 'API orders-api, kind headroom'],
  ])('describeMatch() of %j is %s', (match, expected) => {
    expect(describeMatch(match)).toBe(expected);
  });
});
