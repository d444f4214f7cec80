import { describe, expect, it } from 'vitest';
import { isTroubled } from '#shared/domain/headroom/demand/quota-use.ts';
import { createHeadroomMinute } from '#test/fakes/headroom-minute.ts';

describe('isTroubled()', () => {
  it.each([
    ['two 429s far from the quota', 0.3, { throttled: 2 }, false],
    ['three 429s, which a finding needs', 0.3, { throttled: 3 }, true],
    ['a mean just below 80 %', 0.79, {}, false],
    ['a mean of 80 %', 0.8, {}, true],
    ['a second just below the quota', 0.3, { peakUsedRatio: 0.99 }, false],
    ['a second at the quota', 0.3, { peakUsedRatio: 1 }, true],
    ['a predicted refusal', 0.3, { predictedThrottles: 1 }, true],
    ['a flat top', 0.3, { clippedSeconds: 30 }, true],
  ])('isTroubled() of a minute with %s', (_, usedRatio, differences, expected) => {
    expect(isTroubled(createHeadroomMinute(usedRatio, differences).account)).toBe(expected);
  });
});
