/**
 * What is true of each envelope of a history, written down at the services and not at Gatewatch: how often CloudWatch
 * counted each of its calls, and which sends nobody can know the outcome of.
 */
export type Books = {
  /** How often CloudWatch counted each call. */
  readonly counted: number[];
  /** How often each call was in doubt when it was sent again. */
  readonly doubts: number[];
  /** What Gatewatch stated as possibly repeated, in events. */
  stated: number;
  /** Whether a pointer to the whole envelope is kept: it was given up. */
  isGivenUp: boolean;
  /** Calls that CloudWatch takes for invalid, whenever they come. */
  readonly invalid: Set<number>;
  /** Calls to which a pointer is kept. */
  readonly pointedTo: Set<number>;
};

/** Books of an envelope of which nothing is known yet. */
export function createBooks(chunks: number): Books {
  const zeros = () => new Array<number>(chunks).fill(0);
  return {
    counted: zeros(),
    doubts: zeros(),
    stated: 0,
    isGivenUp: false,
    invalid: new Set(),
    pointedTo: new Set(),
  };
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

/**
 * What is wrong with the books at the end of a history.
 *
 * @param sizes - Events of each call
 * @returns `null` if the promise holds
 */
export function findFault(
  { counted, doubts, stated, isGivenUp, invalid, pointedTo }: Books,
  sizes: readonly number[],
): string | null {
  const sum = dot(counted, sizes);
  const injected = dot(doubts, sizes);
  if (stated !== injected) return `${stated} events were stated to be in doubt, and ${injected} were`;
  if (counted.some((times, chunk) => times > 1 + (doubts[chunk] ?? 0)))
    return 'counted twice without a doubt';
  if (isGivenUp) return null;
  const valid = sizes.map((size, chunk) => (invalid.has(chunk) ? 0 : size));
  if (counted.some((times, chunk) => times === 0 && !invalid.has(chunk))) return 'a call is lost';
  if ([...invalid].some((chunk) => !pointedTo.has(chunk))) return 'an invalid call is lost without a pointer';
  const truth = valid.reduce((all, size) => all + size, 0);
  if (truth > sum || truth < sum - stated) return `${truth} lies outside of [${sum - stated}, ${sum}]`;
  return injected === 0 && sum !== truth ? 'every outcome was known, and the sum is wrong' : null;
}
