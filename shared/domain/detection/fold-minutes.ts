import { advance, type JudgedMinute, type Occurrence } from '#shared/domain/detection/occurrence.ts';

/** Occurrences after some minutes. */
export type Folded = {
  /** Those open where the next window begins. */
  readonly base: readonly Occurrence[];
  /** Those open at the end. */
  readonly current: readonly Occurrence[];
  /** Those that ended on the way. */
  readonly cleared: readonly Occurrence[];
};

/**
 * Carries the occurrences from the base over all judged minutes, and notes them where the next base will be.
 *
 * @param minutes - In any order
 * @param nextBaseMs - Epoch milliseconds
 */
export function foldMinutes(
  start: readonly Occurrence[],
  minutes: readonly JudgedMinute[],
  nextBaseMs: number,
): Folded {
  const ordered = [...minutes].sort((a, b) => a.minuteMs - b.minuteMs);
  const cleared: Occurrence[] = [];
  let base = start;
  let current = start;
  for (const minute of ordered) {
    const after = advance(current, minute);
    cleared.push(...after.filter(({ status }) => status === 'cleared'));
    current = after.filter(({ status }) => status === 'open');
    if (minute.minuteMs < nextBaseMs) base = current;
  }
  return { base, current, cleared };
}
