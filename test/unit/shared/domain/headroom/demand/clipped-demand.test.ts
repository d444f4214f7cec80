import { describe, expect, it } from 'vitest';
import { clippedSeconds } from '#shared/domain/headroom/demand/clipped-demand.ts';

const RATE_RPS = 1_000;

function clipped(admitted: readonly number[], refused = 0, unloggedRps = 0): number {
  return clippedSeconds({ admitted, unloggedRps, refused }, RATE_RPS);
}

/** So many seconds at one rate, and so on; all others are calm. */
function minute(...parts: readonly (readonly [seconds: number, rps: number])[]): number[] {
  const busy = parts.flatMap(([seconds, rps]) => Array<number>(seconds).fill(rps));
  return [...busy, ...Array<number>(60 - busy.length).fill(300)];
}

describe('clippedSeconds()', () => {
  it.each([
    ['a whole minute', minute([60, 1_000]), 60],
    ['half a minute', minute([30, 1_000]), 30],
    ['less than that', minute([29, 1_000]), 0],
    ['a plateau a little below the quota', minute([60, 970]), 60],
    ['a plateau a little above it', minute([60, 1_030]), 60],
    ['a plateau further below', minute([60, 969]), 0],
    ['a plateau further above', minute([60, 1_031]), 0],
    ['after the burst was used up', minute([5, 1_100], [30, 1_000]), 30],
    ['with too many seconds above it', minute([11, 1_100], [30, 1_000]), 0],
    ['narrow, by a quarter of chance', minute([15, 993], [15, 1_000]), 30],
    ['wide, in half a minute', minute([15, 985], [15, 1_000]), 0],
    ['wide, in most of a minute', minute([20, 985], [20, 1_000]), 40],
    ['too wide', minute([20, 975], [20, 1_000]), 0],
    ['nothing', minute(), 0],
  ])('clippedSeconds() finds %s', (_, admitted, expected) => {
    expect(clipped(admitted)).toBe(expected);
  });

  it.each([
    [0, 60],
    [600, 60],
    [601, 0],
  ])('clippedSeconds() leaves it to the logs where they show %i refusals', (refused, expected) => {
    expect(clipped(minute([60, 1_000]), refused)).toBe(expected);
  });

  it('clippedSeconds() expects no spread of a mean: what is unlogged does not make the rest flat', () => {
    const admitted = minute([15, 993], [15, 1_000]);

    expect(clipped(admitted, 0, 0)).toBe(30);
    expect(clipped(admitted, 0, 900)).toBe(0);
  });

  it('clippedSeconds() works with a quota of a few requests', () => {
    expect(clippedSeconds({ admitted: Array<number>(60).fill(1), unloggedRps: 0, refused: 0 }, 1)).toBe(60);
    expect(clippedSeconds({ admitted: [], unloggedRps: 0, refused: 0 }, 1)).toBe(0);
  });
});
