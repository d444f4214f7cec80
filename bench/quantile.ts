/**
 * The value below which a share of the values lies, by nearest rank; `NaN` if there are none.
 *
 * @param share - In 0..1, below 1; 0.5 is the median
 */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
