const FULL_CELL = '█';
const EMPTY_CELL = '░';

/**
 * A bar that shows a share of a whole. More than nothing fills a cell, less than all leaves one; more than all is as
 * long as all.
 *
 * @param ratio - 0 and up
 * @param cells - 2 and up
 */
export function renderBar(ratio: number, cells: number): string {
  const rounded = Math.round(ratio * cells);
  const filled = ratio <= 0 ? 0 : ratio >= 1 ? cells : Math.min(cells - 1, Math.max(1, rounded));
  return FULL_CELL.repeat(filled) + EMPTY_CELL.repeat(cells - filled);
}
