import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { judgeHeadroom } from '#shared/domain/headroom/judging/judge-headroom.ts';
import { createHeadroomMinute, createStageDemand } from '#test/fakes/headroom-minute.ts';

function judgementOf(minute: HeadroomMinute, kind: JudgedKind, apiId?: string) {
  const judgement = judgeHeadroom(minute).find(
    ({ kind: ofKind, scope }) => ofKind === kind && scope.apiId === apiId,
  );
  if (judgement === undefined) throw new Error(`No judgement of ${kind}`);
  return judgement;
}

function verdictOf(minute: HeadroomMinute, kind: JudgedKind, apiId?: string): string {
  const { verdict, severity } = judgementOf(minute, kind, apiId);
  return verdict === 'breach' ? severity : verdict;
}

describe('judgeHeadroom() on headroom.low', () => {
  it.each([
    [0.519, 'clean'],
    [0.521, 'borderline'],
    [0.599, 'borderline'],
    [0.6, 'info'],
    [0.799, 'info'],
    [0.8, 'warning'],
    [0.949, 'warning'],
    [0.95, 'critical'],
    [1.2, 'critical'],
  ])('judgeHeadroom() finds a minute at %d of the quota %s', (usedRatio, expected) => {
    expect(verdictOf(createHeadroomMinute(usedRatio), 'headroom.low')).toBe(expected);
  });

  it.each([
    [0.719, 'clean'],
    [0.721, 'borderline'],
    [0.799, 'borderline'],
    [0.8, 'info'],
    [0.949, 'info'],
    [0.95, 'warning'],
    [5, 'warning'],
  ])('judgeHeadroom() finds one busy second at %d of the quota %s', (peakUsedRatio, expected) => {
    expect(verdictOf(createHeadroomMinute(0.1, { peakUsedRatio }), 'headroom.low')).toBe(expected);
  });

  it('judgeHeadroom() keeps the minute, adds up the refusals and keeps the peaks', () => {
    const minute = createHeadroomMinute(0.9, {
      throttled: 7,
      peakRps: 1_500,
      peakUsedRatio: 1.5,
      predictedThrottles: 4,
      secondsAtZero: 3,
      tokensLeft: 120,
    });

    expect(judgementOf(minute, 'headroom.low')).toMatchObject({
      latest: { demandRps: 900, usedRatio: 0.9, quotaRps: 1_000, quotaBurst: 500 },
      sums: { requests: 54_000, refused: 7, predictedThrottles: 4, secondsAtZero: 3 },
      peaks: { demandRps: 900, usedRatio: 0.9, peakRps: 1_500, peakUsedRatio: 1.5, tokensUsed: 380 },
    });
  });
});

describe('judgeHeadroom() on what keeps an occurrence of headroom.low open', () => {
  it.each([
    [0.5, 0.5, 'info'],
    [0.719, 0.719, 'info'],
    [0.721, 0.721, 'warning'],
    [0.871, 0.871, 'critical'],
    [0.3, 0.869, 'info'],
    [0.3, 0.871, 'warning'],
  ])(
    'judgeHeadroom() lets %d of the quota, %d in a second, keep %s open',
    (usedRatio, peakUsedRatio, expected) => {
      const { keepsOpen } = judgementOf(createHeadroomMinute(usedRatio, { peakUsedRatio }), 'headroom.low');

      expect(keepsOpen).toBe(expected);
    },
  );
});

describe('judgeHeadroom() on headroom.exhausted', () => {
  it.each([
    [0.919, 'clean'],
    [0.921, 'borderline'],
    [0.999, 'borderline'],
    [1, 'critical'],
  ])('judgeHeadroom() finds a minute at %d of the quota %s', (usedRatio, expected) => {
    expect(verdictOf(createHeadroomMinute(usedRatio), 'headroom.exhausted')).toBe(expected);
  });

  it('judgeHeadroom() leaves a short burst to burst.exhausted', () => {
    const minute = createHeadroomMinute(0.3, { predictedThrottles: 90, secondsAtZero: 2, tokensLeft: 0 });

    expect(verdictOf(minute, 'headroom.exhausted')).toBe('clean');
    expect(verdictOf(minute, 'burst.exhausted')).toBe('critical');
  });
});

describe('judgeHeadroom() on burst.exhausted', () => {
  it.each([
    ['more than half of the burst left', { tokensLeft: 250 }, 'clean'],
    ['less than half of it left', { tokensLeft: 249 }, 'borderline'],
    ['one token left', { tokensLeft: 1 }, 'borderline'],
    ['none left for a moment', { tokensLeft: 0, secondsAtZero: 1 }, 'warning'],
    ['two refusals predicted', { tokensLeft: 0, secondsAtZero: 1, predictedThrottles: 2.9 }, 'warning'],
    ['three refusals predicted', { tokensLeft: 0, secondsAtZero: 1, predictedThrottles: 3 }, 'critical'],
    ['two refusals seen', { tokensLeft: 0, secondsAtZero: 1, throttled: 2 }, 'warning'],
    ['three refusals seen', { tokensLeft: 0, secondsAtZero: 1, throttled: 3 }, 'critical'],
  ])('judgeHeadroom() finds a quiet minute with %s %s', (_, account, expected) => {
    expect(verdictOf(createHeadroomMinute(0.3, account), 'burst.exhausted')).toBe(expected);
  });

  it('judgeHeadroom() does not take a full bucket at the quota for the end of a burst', () => {
    expect(verdictOf(createHeadroomMinute(0.921), 'burst.exhausted')).toBe('borderline');
    expect(verdictOf(createHeadroomMinute(0.919), 'burst.exhausted')).toBe('clean');
  });
});

describe('judgeHeadroom() on noisy neighbours', () => {
  const culprit = createStageDemand('noisy', {
    nowRps: 800,
    usualRps: 100,
    requests: 48_000,
    throttled: 900,
  });
  const stages = [createStageDemand('calm'), culprit];

  it('judgeHeadroom() names the culprit at the quota, and marks it so that it does not count as hurt', () => {
    const minute = createHeadroomMinute(1, { throttled: 900 }, stages);

    expect(judgementOf(minute, 'noisy-neighbour', 'noisy')).toMatchObject({
      verdict: 'breach',
      severity: 'warning',
      latest: { nowRps: 800, usualRps: 100, growthShare: 1, nowShare: 0.8, usualShare: 0.5 },
      peaks: { nowRps: 800 },
    });
    expect(verdictOf(minute, 'noisy-neighbour', 'calm')).toBe('clean');
    expect(judgementOf(minute, 'throttling.account').sums).toMatchObject({ 'culprit:noisy/prod': 1 });
  });

  it('judgeHeadroom() names the limit that would have protected the others, and what it would have refused', () => {
    const minute = createHeadroomMinute(1, { throttled: 900 }, stages);

    // The others take 200 of the 850 rps that are to be used; 150 of 800 rps are refused, but for the burst of 325.
    expect(judgementOf(minute, 'noisy-neighbour', 'noisy').latest).toMatchObject({
      limitRps: 650,
      limitBurst: 325,
      limitRefusedRps: 150 - 325 / 60,
    });
  });

  it('judgeHeadroom() tries the limit on the seconds of the culprit where they are known', () => {
    const culpritSeconds = Array.from({ length: 60 }, (_, second) => (second < 30 ? 1_600 : 0));
    const minute = { ...createHeadroomMinute(1, { throttled: 900 }, stages), culpritSeconds };

    expect(judgementOf(minute, 'noisy-neighbour', 'noisy').latest['limitRefusedRps']).toBe(
      (30 * (1_600 - 650) - 325) / 60,
    );
  });

  it('judgeHeadroom() tries the limit on what the culprit’s usage plans let through', () => {
    const culpritSeconds = Array<number>(60).fill(1_600);
    const minute = { ...createHeadroomMinute(1, { throttled: 900 }, stages), culpritSeconds };

    // 1,600 rps came, of which 800 rps reached the throttle.
    expect(judgementOf(minute, 'noisy-neighbour', 'noisy').latest['limitRefusedRps']).toBeCloseTo(
      150 - 325 / 60,
    );
  });

  it('judgeHeadroom() says that no limit helps where the others leave less than the culprit usually takes', () => {
    const minute = createHeadroomMinute(1.6, { throttled: 900 }, stages);

    expect(judgementOf(minute, 'noisy-neighbour', 'noisy').latest).toMatchObject({ hasNoLimit: 1 });
  });

  it('judgeHeadroom() accuses nobody far from the quota', () => {
    const minute = createHeadroomMinute(0.7, {}, stages);

    expect(verdictOf(minute, 'noisy-neighbour', 'noisy')).toBe('clean');
    expect(Object.keys(judgementOf(minute, 'throttling.account').sums)).not.toContain('culprit:noisy/prod');
  });

  it.each([
    ['an account’s only stage', []],
    ['the only stage with traffic', [createStageDemand('idle', { nowRps: 0, usualRps: 500 })]],
  ])('judgeHeadroom() does not accuse %s', (_, others) => {
    expect(verdictOf(createHeadroomMinute(1, {}, [culprit, ...others]), 'noisy-neighbour', 'noisy')).toBe(
      'clean',
    );
  });

  it('judgeHeadroom() accuses nobody where nobody grew', () => {
    const verdicts = judgeHeadroom(
      createHeadroomMinute(1, {}, [createStageDemand('a'), createStageDemand('b')]),
    )
      .filter(({ kind }) => kind === 'noisy-neighbour')
      .map(({ verdict }) => verdict);

    expect(verdicts).toEqual(['clean', 'clean']);
  });

  it('judgeHeadroom() judges every scope once', () => {
    const judged = judgeHeadroom(createHeadroomMinute(1, { throttled: 900 }, stages));

    const scopes = judged.map(({ kind, scope }) => `${kind} ${scope.apiId ?? ''}`);
    expect(new Set(scopes).size).toBe(scopes.length);
    expect(judged).toHaveLength(4 + 3 * stages.length);
  });
});
