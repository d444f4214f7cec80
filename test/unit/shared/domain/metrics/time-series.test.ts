import { describe, expect, it } from 'vitest';
import { createTimeSeries, entryAt, inOrder } from '#shared/domain/metrics/time-series.ts';

describe('entryAt()', () => {
  it('entryAt() makes one entry for each time, in whatever order they are asked for', () => {
    const series = createTimeSeries<{ times: number[] }>();

    for (const timeMs of [2, 1, 1, 2, 3, 1])
      entryAt(series, timeMs, () => ({ times: [] })).times.push(timeMs);

    expect(inOrder(series)).toEqual([
      [1, { times: [1, 1, 1] }],
      [2, { times: [2, 2] }],
      [3, { times: [3] }],
    ]);
  });
});
