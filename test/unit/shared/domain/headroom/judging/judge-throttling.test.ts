import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { HeadroomMinute, StageMinuteDemand } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { judgeThrottling } from '#shared/domain/headroom/judging/judge-throttling.ts';
import { NO_THROTTLE, type ThrottleLayers } from '#shared/domain/headroom/throttling/throttle-layers.ts';
import { createHeadroomMinute, createStageDemand } from '#test/fakes/headroom-minute.ts';

/** A stage whose 429s are all of the given layers. */
function stage(apiId: string, layers: Partial<ThrottleLayers>, requests = 6_000): StageMinuteDemand {
  const all = { ...NO_THROTTLE, ...layers };
  const throttled = Object.values(all).reduce((sum, count) => sum + count, 0);
  return createStageDemand(apiId, { layers: all, throttled, requests });
}

function judgementOf(minute: HeadroomMinute, kind: JudgedKind, apiId?: string) {
  const judgement = judgeThrottling(minute, null).find(
    ({ kind: ofKind, scope }) => ofKind === kind && scope.apiId === apiId,
  );
  if (judgement === undefined) throw new Error(`No judgement of ${kind}`);
  return judgement;
}

function verdictOf(minute: HeadroomMinute, kind: JudgedKind, apiId?: string): string {
  const { verdict, severity } = judgementOf(minute, kind, apiId);
  return verdict === 'breach' ? severity : verdict;
}

describe('judgeThrottling() on the account', () => {
  it.each([
    ['at the quota', 1, { throttled: 600 }, 'critical'],
    ['near the quota', 0.8, { throttled: 600 }, 'critical'],
    ['in a second above the quota', 0.3, { throttled: 600, peakUsedRatio: 1 }, 'critical'],
    ['where the bucket must have been empty', 0.3, { throttled: 3, predictedThrottles: 1 }, 'critical'],
    ['three times at the quota', 1, { throttled: 3 }, 'critical'],
    ['twice at the quota', 1, { throttled: 2 }, 'clean'],
    ['at the quota, but by earlier layers', 1, { throttled: 600, refusedEarlier: 598 }, 'clean'],
    ['of which nothing is known, near it', 0.79, { throttled: 600 }, 'borderline'],
    ['that are missing, flat at the quota', 1, { clippedSeconds: 30 }, 'critical'],
    ['that are missing', 1, {}, 'clean'],
  ])('judgeThrottling() judges 429s %s', (_, usedRatio, account, expected) => {
    expect(verdictOf(createHeadroomMinute(usedRatio, account), 'throttling.account')).toBe(expected);
  });

  it.each([
    [0.3, 'clean'],
    [0.719, 'clean'],
    [0.721, 'borderline'],
    [0.79, 'borderline'],
  ])(
    'judgeThrottling() doubts at %d of the quota that unnamed 429s are the stage’s',
    (usedRatio, expected) => {
      const minute = createHeadroomMinute(usedRatio, { throttled: 600, refusedEarlier: 600 }, [
        stage('orders', { stageInferred: 600 }),
      ]);

      expect(verdictOf(minute, 'throttling.account')).toBe(expected);
      expect(verdictOf(minute, 'throttling.stage', 'orders')).toBe('warning');
    },
  );

  it('judgeThrottling() does not doubt what the logs name', () => {
    const minute = createHeadroomMinute(0.79, { throttled: 600, refusedEarlier: 600 }, [
      stage('orders', { stageObserved: 300, usagePlanRate: 300 }),
    ]);

    expect(verdictOf(minute, 'throttling.account')).toBe('clean');
  });

  it('judgeThrottling() believes logs that name the account throttle, however far the quota seems', () => {
    const minute = createHeadroomMinute(0.1, { throttled: 5 }, [stage('orders', { accountObserved: 5 })]);

    expect(verdictOf(minute, 'throttling.account')).toBe('critical');
    expect(judgementOf(minute, 'throttling.account').sums).toMatchObject({ observed: 5, inferred: 0 });
  });

  it('judgeThrottling() tells what is observed from what is inferred, and names the cause of the story', () => {
    const minute = createHeadroomMinute(1, { throttled: 12, refusedEarlier: 4 }, [
      stage('orders', { accountObserved: 3, accountInferred: 5, usagePlanRate: 4 }),
    ]);

    const { sums, cause } = judgementOf(minute, 'throttling.account');

    expect(sums).toMatchObject({ refused: 8, observed: 3, inferred: 5 });
    expect(cause).toBe('throttle.account');
  });

  it('judgeThrottling() lists the stages that are hurt, the hardest hit of many', () => {
    const stages = Array.from({ length: 30 }, (_, index) => stage(`api${index}`, { accountInferred: index }));

    const { sums } = judgementOf(createHeadroomMinute(1, { throttled: 435 }, stages), 'throttling.account');

    const refused = Object.keys(sums).filter((name) => name.startsWith('refused:'));
    expect(refused).toEqual(Array.from({ length: 20 }, (_, index) => `refused:api${29 - index}/prod`));
    expect(sums['requests:api29/prod']).toBe(6_000);
  });

  it('judgeThrottling() lists a stage of which one request was refused, and none over its own limits', () => {
    const minute = createHeadroomMinute(1, { throttled: 701, refusedEarlier: 700 }, [
      stage('hurt', { accountInferred: 1 }),
      stage('limited', { usagePlanQuota: 300, stageObserved: 400 }),
    ]);

    const { sums } = judgementOf(minute, 'throttling.account');

    expect(sums).toMatchObject({ 'refused:hurt/prod': 1 });
    expect(Object.keys(sums).filter((name) => name.includes('limited'))).toEqual([]);
  });
});

describe('judgeThrottling() on a stage', () => {
  it.each([
    ['two of two', 2, 2, 'clean'],
    ['three of three', 3, 3, 'warning'],
    ['one in a hundred', 300, 3, 'warning'],
    ['less than one in a hundred', 301, 3, 'clean'],
    ['none', 0, 0, 'clean'],
  ])('judgeThrottling() judges a stage that refuses %s', (_, requests, stageObserved, expected) => {
    const minute = createHeadroomMinute(0.1, {}, [stage('orders', { stageObserved }, requests)]);

    expect(verdictOf(minute, 'throttling.stage', 'orders')).toBe(expected);
    expect(judgementOf(minute, 'throttling.stage', 'orders').peaks['refusedRatio']).toBe(
      requests === 0 ? 0 : stageObserved / requests,
    );
  });

  it.each([
    ['by inference', { accountInferred: 600 }, 'borderline'],
    ['by name', { accountObserved: 600 }, 'clean'],
    ['not, but the client’s', { usagePlanRate: 600 }, 'clean'],
  ])('judgeThrottling() judges a stage whose 429s are the account’s %s', (_, layers, expected) => {
    const minute = createHeadroomMinute(1, { throttled: 600 }, [stage('orders', layers)]);

    expect(verdictOf(minute, 'throttling.stage', 'orders')).toBe(expected);
  });

  it('judgeThrottling() names the method’s limit where the logs do', () => {
    const minute = createHeadroomMinute(0.1, {}, [
      stage('named', { stageObserved: 30, stageInferred: 29 }),
      stage('guessed', { stageObserved: 29, stageInferred: 30 }),
    ]);

    expect(judgementOf(minute, 'throttling.stage', 'named').cause).toBe('throttle.method');
    expect(judgementOf(minute, 'throttling.stage', 'guessed').cause).toBe('throttle.unknown-level');
  });
});

describe('judgeThrottling() on clients', () => {
  it.each([
    ['two', 2, 2, 'clean'],
    ['less than one in a hundred', 3, 301, 'clean'],
    ['one in a hundred', 3, 300, 'info'],
    ['nearly a tenth', 599, 6_000, 'info'],
    ['a tenth', 600, 6_000, 'warning'],
  ])('judgeThrottling() judges a usage plan that refuses %s', (_, usagePlanRate, requests, expected) => {
    const minute = createHeadroomMinute(1, {}, [stage('orders', { usagePlanRate }, requests)]);

    expect(verdictOf(minute, 'throttling.client', 'orders')).toBe(expected);
  });

  it.each([
    [5, 4, 'throttle.quota'],
    [4, 5, 'throttle.usage-plan'],
  ])(
    'judgeThrottling() names quota (%i) or rate (%i), whichever refuses more',
    (usagePlanQuota, usagePlanRate, cause) => {
      const minute = createHeadroomMinute(0.1, {}, [stage('orders', { usagePlanQuota, usagePlanRate }, 100)]);

      const judgement = judgementOf(minute, 'throttling.client', 'orders');

      expect(judgement.cause).toBe(cause);
      expect(judgement.sums).toMatchObject({ refused: 9, byQuota: usagePlanQuota, byRate: usagePlanRate });
    },
  );
});
