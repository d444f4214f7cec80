import type { Quota } from '#shared/domain/headroom/quota/quota.ts';

/** The throttle is best effort, and its seconds are not those of the logs. */
const MIN_ADMITTED_RATIO = 0.8;

/** Consecutive seconds with refusals; the second before, in which the bucket was emptied, is part of what was admitted. */
type Run = { readonly seconds: number; readonly admitted: number };

function runsOf(admitted: readonly number[], refused: readonly number[]): Run[] {
  const runs: Run[] = [];
  let seconds = 0;
  let sum = 0;
  for (let second = 0; second <= refused.length; second += 1) {
    if ((refused[second] ?? 0) > 0) {
      if (seconds === 0) sum = admitted[second - 1] ?? 0;
      seconds += 1;
      sum += admitted[second] ?? 0;
    } else if (seconds > 0) {
      runs.push({ seconds, admitted: sum });
      seconds = 0;
    }
  }
  return runs;
}

/**
 * Whether the account throttle can have made these refusals: it refuses only when its bucket is empty, so in the second
 * before the first refusal it lets its burst or its rate through, and its rate for as long as it goes on refusing. The first
 * refusal may have come at the end of its second, and the last one at the start of its own. What refuses while much less gets
 * through is another limit.
 *
 * Not so for requests that come all at once and leave the bucket time to fill up again, second after second.
 *
 * @param admitted - Requests of each second that were let through, of the whole account; with the second before the first
 * @param refused - Refusals of each second that may be the account's
 */
export function admitsLikeAThrottle(
  admitted: readonly number[],
  refused: readonly number[],
  { rateRps, burst }: Quota,
): boolean {
  let least = 0;
  let most = 0;
  for (const run of runsOf(admitted, refused)) {
    least += Math.min(burst, rateRps) + rateRps * Math.max(0, run.seconds - 2);
    most += run.admitted;
  }
  return most >= MIN_ADMITTED_RATIO * least;
}
