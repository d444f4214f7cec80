import { describe, expect, it } from 'vitest';
import { judgeAge, partByAge } from '#shared/domain/metrics/event-age.ts';
import { requests } from '#test/fakes/metric-data.ts';

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

describe('partByAge()', () => {
  const minuteOf = (ageMs: number) => requests({ timestampMs: RECEIVED_MS - ageMs });
  const OLDEST_MS = 14 * 24 * HOUR_MS - 60_000;

  it('partByAge() gives the very call back when all of it is in time', () => {
    const chunk = [minuteOf(0), minuteOf(OLDEST_MS), minuteOf(-2 * HOUR_MS)];

    expect(partByAge(chunk, RECEIVED_MS).inTime).toBe(chunk);
  });

  it('partByAge() parts what has become too old from the rest', () => {
    const chunk = [minuteOf(OLDEST_MS + 1), minuteOf(OLDEST_MS), minuteOf(30 * 24 * HOUR_MS)];

    expect(partByAge(chunk, RECEIVED_MS)).toEqual({ inTime: [chunk[1]], tooOld: [chunk[0], chunk[2]] });
  });

  it('partByAge() takes whatever was in time for judgeAge() within the hour that is kept back', () => {
    const timeMs = RECEIVED_MS - (14 * 24 - 1) * HOUR_MS;
    const minuteMs = timeMs - (timeMs % 60_000);

    expect(judgeAge(timeMs, RECEIVED_MS)).toBeNull();
    expect(partByAge([requests({ timestampMs: minuteMs })], RECEIVED_MS + 58 * 60_000).tooOld).toEqual([]);
  });
});
