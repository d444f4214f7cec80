import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chart, type Point, renderChart } from '#cli/render/chart.ts';

const BLOCKS = ' ▁▂▃▄▅▆▇█';

const EMPTY: Chart = { points: [], pointMs: 1, fromMs: 0, toMs: 1_000, limit: 10, columns: 10, rows: 4 };

function lines(chart: Partial<Chart>): string[] {
  return renderChart({ ...EMPTY, ...chart }).map(({ label, cells }) => `${label.padStart(5)}|${cells}|`);
}

/** How high a column is drawn, in eighths of a row. The mark of the limit is no height. */
function heightOf(chart: Chart, column: number): number {
  return renderChart(chart).reduce(
    (sum, { cells }) => sum + Math.max(0, BLOCKS.indexOf(cells[column] ?? ' ')),
    0,
  );
}

describe('renderChart()', () => {
  it('renderChart() draws the limit and nothing else where there are no points', () => {
    expect(lines({})).toEqual([
      ' 10.0|╌╌╌╌╌╌╌╌╌╌|', //
      '     |          |',
      '     |          |',
      '    0|          |',
    ]);
  });

  it('renderChart() draws columns as high as their largest value, over the mark of the limit', () => {
    const points = [2, 4, 8, 16, 21, 30, 0, 0.01].map((value, index) => ({ atMs: index * 100, value }));
    const smaller = points.map(({ atMs, value }) => ({ atMs: atMs + 50, value: value / 3 }));

    expect(lines({ points: [...smaller, ...points], limit: 21, rows: 6 })).toEqual([
      '     |     ▆    |',
      ' 21.0|╌╌╌╌╌█╌╌╌╌|',
      '     |    ██    |',
      '     |   ███    |',
      '     |  ▄███    |',
      '    0|▃▆████ ▁  |',
    ]);
  });

  it('renderChart() draws a point as wide as the time it holds for', () => {
    const points = [
      { atMs: 0, value: 8 },
      { atMs: 500, value: 4 },
    ];

    expect(lines({ points, pointMs: 300, rows: 1 })).toEqual([
      ' 10.0|██████╌╌╌╌|'.replace('██████╌╌╌╌', '▆▆▆╌╌▃▃▃╌╌'),
    ]);
  });

  it('renderChart() marks the rows above the limit', () => {
    const chart = renderChart({ ...EMPTY, points: [{ atMs: 0, value: 40 }], rows: 4 });

    // 42 is the top, so a row is 10.5 high and the limit of 10 lies in the lowest.
    expect(chart.map(({ isOver, label }) => [isOver, label])).toEqual([
      [true, ''],
      [true, ''],
      [true, ''],
      [false, '10.0'],
    ]);
  });

  it.each([
    [0.25, '0.3'],
    [99.94, '99.9'],
    [100, '100'],
    [9_999.6, '10000'],
  ])('renderChart() labels a limit of %d as %s', (limit, label) => {
    expect(renderChart({ ...EMPTY, limit })[0]?.label).toBe(label);
  });

  it('renderChart() keeps what is before the start or after the end in the first and the last column', () => {
    const points = [
      { atMs: -5_000, value: 10 },
      { atMs: 1_000, value: 10 },
      { atMs: 99_000, value: 10 },
    ];

    const chart = { ...EMPTY, points };

    const drawn = Array.from({ length: EMPTY.columns }, (_, column) => heightOf(chart, column) > 0);
    expect(drawn).toEqual([true, ...Array.from({ length: 8 }, () => false), true]);
  });

  it('renderChart() draws a log of one moment in one column', () => {
    expect(heightOf({ ...EMPTY, points: [{ atMs: 5, value: 10 }], fromMs: 5, toMs: 5 }, 0)).toBeGreaterThan(
      0,
    );
  });

  it('renderChart() draws higher for more, something for anything, and nothing for nothing', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 10_000, noNaN: true }));
    const size = { columns: fc.integer({ min: 1, max: 120 }), rows: fc.integer({ min: 2, max: 10 }) };
    const shape = fc.record({ ...size, limit: fc.double({ min: 0.1, max: 10_000, noNaN: true }) });
    const property = fc.property(
      shape,
      fc.array(value, { minLength: 1 }),
      ({ columns, rows, limit }, values) => {
        const used = values.slice(0, columns);
        const points = used.map((one, column): Point => ({ atMs: column * 1_000 + 500, value: one }));
        const chart: Chart = { points, pointMs: 1, fromMs: 0, toMs: columns * 1_000, limit, columns, rows };
        const drawn = renderChart(chart);
        const heights = used.map((_, column) => heightOf(chart, column));
        const isWhole = drawn.length === rows && drawn.every(({ cells }) => [...cells].length === columns);
        const isMarkedOnce = drawn.filter(({ label }) => label !== '' && label !== '0').length === 1;
        const isTrue = used.every((one, a) =>
          used.every((other, b) => one < other || (heights[a] ?? 0) >= (heights[b] ?? 0)),
        );
        return isWhole && isMarkedOnce && isTrue && used.every((one, a) => one > 0 === (heights[a] ?? 0) > 0);
      },
    );

    fc.assert(property);
  });
});
