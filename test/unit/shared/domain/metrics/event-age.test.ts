import { describe, expect, it } from 'vitest';
import { judgeAge } from '#shared/domain/metrics/event-age.ts';

const RECEIVED_MS = Date.UTC(2026, 2, 16, 12);
const HOUR_MS = 60 * 60_000;

describe('judgeAge()', () => {
  it.each([
    [0, null],
    [-(14 * 24 - 1) * HOUR_MS, null],
    [-(14 * 24 - 1) * HOUR_MS - 1, 'too-old'],
    [2 * HOUR_MS, null],
    [2 * HOUR_MS + 1, 'too-new'],
  ])('judgeAge() of a time %i ms away from the arrival is %s', (offsetMs, reason) => {
    expect(judgeAge(RECEIVED_MS + offsetMs, RECEIVED_MS)).toBe(reason);
  });
});
