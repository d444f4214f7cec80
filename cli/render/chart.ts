/** A value at a time; times are epoch milliseconds. */
export type Point = { readonly atMs: number; readonly value: number };

/** What to draw: the largest value of each column's time, and a line across. */
export type Chart = {
  readonly points: readonly Point[];
  /** How long the value of a point holds, milliseconds. */
  readonly pointMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Where the line is drawn; above 0. */
  readonly limit: number;
  readonly columns: number;
  readonly rows: number;
};

/** One row of a chart: its axis label, its cells, and whether all of it is above the limit. */
export type ChartRow = { readonly label: string; readonly cells: string; readonly isOver: boolean };

/** Blocks of no to eight eighths of a cell's height. */
export const EIGHTHS: readonly string[] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const LIMIT_CELL = '╌';

/** Space above the highest value, so that a peak does not look cut off. */
const HEAD_ROOM = 1.05;

function columnPeaks({ points, pointMs, fromMs, toMs, columns }: Chart): number[] {
  const peaks = new Array<number>(columns).fill(0);
  const spanMs = Math.max(1, toMs - fromMs);
  const columnOf = (ms: number): number =>
    Math.min(columns - 1, Math.max(0, Math.floor(((ms - fromMs) / spanMs) * columns)));
  for (const { atMs, value } of points) {
    const last = columnOf(atMs + pointMs - 1);
    for (let column = columnOf(atMs); column <= last; column += 1)
      peaks[column] = Math.max(peaks[column] ?? 0, value);
  }
  return peaks;
}

function cellOf(peak: number, row: number, perRow: number): string {
  const filled = Math.min(1, Math.max(0, peak / perRow - row));
  // Whatever is not nothing is drawn, at least as the thinnest block.
  const eighths = row === 0 && peak > 0 ? Math.max(1, Math.round(filled * 8)) : Math.round(filled * 8);
  return EIGHTHS[eighths] ?? ' ';
}

/** Draws columns of eighth blocks, the top row first. The row with the limit is marked where no column stands. */
export function renderChart(chart: Chart): ChartRow[] {
  const { limit, rows } = chart;
  const peaks = columnPeaks(chart);
  const top = Math.max(limit, ...peaks) * HEAD_ROOM;
  const perRow = top / rows;
  const limitRow = Math.min(rows - 1, Math.floor(limit / perRow));
  const labelOf = (value: number): string => (value >= 100 ? Math.round(value).toString() : value.toFixed(1));
  const drawn: ChartRow[] = [];
  for (let row = rows - 1; row >= 0; row -= 1) {
    const isLimit = row === limitRow;
    const cells = peaks.map((peak) => {
      const cell = cellOf(peak, row, perRow);
      return isLimit && cell === ' ' ? LIMIT_CELL : cell;
    });
    drawn.push({
      label: isLimit ? labelOf(limit) : row === 0 ? '0' : '',
      cells: cells.join(''),
      isOver: row > limitRow,
    });
  }
  return drawn;
}
