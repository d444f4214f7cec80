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

type Part = { readonly low: number; readonly high: number };

/** Brings the smaller values of a part before the larger ones, with what lies between them in the middle. */
function partition(values: Float64Array, { low, high }: Part): Part {
  const at = (index: number): number => values[index] ?? 0;
  const pivot = at((low + high) >> 1);
  let left = low;
  let right = high;
  while (left <= right) {
    while (at(left) < pivot) left += 1;
    while (at(right) > pivot) right -= 1;
    if (left > right) break;
    const swapped = at(left);
    values[left] = at(right);
    values[right] = swapped;
    left += 1;
    right -= 1;
  }
  return { low: right, high: left };
}

/** The value of a rank, by Hoare's quickselect: a trend takes the median of 435 slopes, a thousand times an hour. */
function select(values: Float64Array, rank: number): number {
  let part = { low: 0, high: values.length - 1 };
  while (part.low < part.high) {
    const { low: smaller, high: larger } = partition(values, part);
    if (rank > smaller && rank < larger) break;
    part = rank <= smaller ? { low: part.low, high: smaller } : { low: larger, high: part.high };
  }
  return values[rank] ?? 0;
}

/**
 * The middle of the values, the lower one of two.
 *
 * @returns `null` for no values
 */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return select(new Float64Array(values), Math.floor((values.length - 1) / 2));
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
