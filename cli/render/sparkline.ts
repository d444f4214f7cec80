import { EIGHTHS } from '#cli/render/chart.ts';

/** Where a value is not known. */
const GAP_CELL = '·';

/** One cell a value, from nothing to the largest of them; `null` is not known, which is not 0. */
export function renderSparkline(values: readonly (number | null)[]): string {
  const top = Math.max(...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === null) return GAP_CELL;
      // Whatever is not nothing is drawn, at least as the thinnest block.
      return EIGHTHS[value > 0 ? Math.max(1, Math.round((value / top) * 8)) : 0];
    })
    .join('');
}
