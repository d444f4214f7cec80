/** z of a one-sided 97.5 % bound, which is what a two-sided 95 % interval ends at. */
const Z = 1.96;

/**
 * Lower bound of the Wilson score interval: the smallest ratio that `hits` of `total` are compatible with (95 %).
 *
 * @returns 0..1; 0 for a total of 0
 */
export function wilsonLowerBound(hits: number, total: number): number {
  if (total === 0) return 0;
  const ratio = hits / total;
  const z2 = Z * Z;
  const centre = ratio + z2 / (2 * total);
  const margin = Z * Math.sqrt((ratio * (1 - ratio) + z2 / (4 * total)) / total);
  return Math.max(0, (centre - margin) / (1 + z2 / total));
}

/**
 * The middle of the values, the lower one of two.
 *
 * @returns `null` for no values
 */
export function median(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

/**
 * Sums of trailing windows in constant time each.
 *
 * @returns A function of `end` (exclusive index) and `length`; a window that starts before the values is cut
 */
export function trailingSums(values: readonly number[]): (end: number, length: number) => number {
  const prefix = new Float64Array(values.length + 1);
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    sum += values[index] ?? 0;
    prefix[index + 1] = sum;
  }
  return (end, length) => (prefix[end] ?? 0) - (prefix[Math.max(0, end - length)] ?? 0);
}
