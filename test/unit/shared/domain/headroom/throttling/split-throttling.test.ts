import { describe, expect, it } from 'vitest';
import { splitThrottling, type ThrottledStage } from '#shared/domain/headroom/throttling/split-throttling.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';

const START_MS = Date.UTC(2026, 5, 1, 12);
const QUOTA = createQuotaStatus({ rateRps: 100, burst: 50 });

/** A minute of the same in every second, with some seconds different. */
function minute(usual: number, differences: Record<number, number> = {}): number[] {
  return Array.from({ length: 60 }, (_, second) => differences[second] ?? usual);
}

function throttledStage(key: string, perSecond: number[], causes: ThrottledStage['causes']): ThrottledStage {
  const throttled = perSecond.reduce((sum, count) => sum + count, 0);
  return {
    key,
    requests: 1_000,
    throttled,
    causes,
    executionCauses: new Map(),
    executionUnknown: 0,
    limits: null,
    perSecond,
  };
}

describe('splitThrottling()', () => {
  it('splitThrottling() judges the 429s of each stage by the seconds in which they came', () => {
    const account = {
      startMs: START_MS,
      requests: minute(10, { 3: 300, 4: 300, 5: 300 }),
      throttled: minute(0, { 5: 10, 40: 10 }),
    };
    const stages = [
      throttledStage('empty/prod', minute(0, { 5: 10 }), new Map()),
      throttledStage('spare/prod', minute(0, { 40: 10 }), new Map()),
    ];

    const layers = splitThrottling(account, QUOTA, new Map([[START_MS, stages]])).layers.get(START_MS);

    expect(layers?.get('empty/prod')).toMatchObject({ accountInferred: 10, stageInferred: 0 });
    expect(layers?.get('spare/prod')).toMatchObject({ accountInferred: 0, stageInferred: 10 });
  });

  it('splitThrottling() does not charge the account’s bucket with what usage plans refused before it', () => {
    const account = {
      startMs: START_MS,
      requests: minute(10, { 10: 300 }),
      throttled: minute(0, { 10: 285 }),
    };
    const stages = [
      throttledStage('plans/prod', minute(0, { 10: 280 }), new Map([['throttle.usage-plan', 280]])),
      throttledStage('own/prod', minute(0, { 10: 5 }), new Map()),
    ];

    const split = splitThrottling(account, QUOTA, new Map([[START_MS, stages]]));

    expect(split.layers.get(START_MS)?.get('own/prod')).toMatchObject({
      accountInferred: 0,
      stageInferred: 5,
    });
    expect(split.account.refusedEarlier?.[10]).toBe(285);
  });
});
