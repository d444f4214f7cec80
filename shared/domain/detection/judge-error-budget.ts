import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { Scope } from '#shared/domain/detection/finding.ts';
import type { JudgedMinute, Judgement } from '#shared/domain/detection/occurrence.ts';
import { trailingSums, wilsonLowerBound } from '#shared/domain/detection/statistics.ts';

/** One stage over consecutive minutes from `startMs`, all arrays of one length. */
export type StageErrors = {
  readonly scope: Scope;
  readonly startMs: number;
  readonly requests: readonly number[];
  /** 5xx of each minute. */
  readonly serverErrors: readonly number[];
};

/** A pair of windows in minutes: the long one says that it matters, the short one that it goes on. */
type BurnAlert = {
  readonly longMinutes: number;
  readonly shortMinutes: number;
  /** How many times faster than allowed the budget is used up. */
  readonly burnRate: number;
};

/**
 * 2 % of a 30-day budget in an hour, and 5 % in six hours.
 *
 * @see {@link https://sre.google/workbook/alerting-on-slos/}
 */
const FAST: BurnAlert = { longMinutes: 60, shortMinutes: 5, burnRate: 14.4 };
const SLOW: BurnAlert = { longMinutes: 360, shortMinutes: 30, burnRate: 6 };

/** The minutes before the first judged one that a judgement needs. */
export const ERROR_BUDGET_HISTORY_MINUTES = SLOW.longMinutes;

const MIN_BAD = 3;
const RECENT_MINUTES = 5;

type Windows = {
  readonly requests: (minutes: number) => number;
  readonly bad: (minutes: number) => number;
};

function isBurning(windows: Windows, alert: BurnAlert, budgetRatio: number): boolean {
  const threshold = alert.burnRate * budgetRatio;
  const bad = windows.bad(alert.shortMinutes);
  const requests = windows.requests(alert.shortMinutes);
  const longRatio = windows.bad(alert.longMinutes) / windows.requests(alert.longMinutes);
  return bad >= MIN_BAD && longRatio >= threshold && wilsonLowerBound(bad, requests) >= threshold;
}

/**
 * Whether a minute can use up the budget too fast, however few requests there were: without this many errors none does.
 *
 * @param serverErrors - 5xx of each minute
 * @param fromIndex - The first minute to judge; what lies before it is history
 */
export function mayBurn(serverErrors: readonly number[], fromIndex: number): boolean {
  const bad = trailingSums(serverErrors);
  return serverErrors.some(
    (_, index) =>
      index >= fromIndex && bad(index + 1, Math.max(FAST.shortMinutes, SLOW.shortMinutes)) >= MIN_BAD,
  );
}

/** The first of the recent minutes with a server error, and what happened since. */
function since(errors: StageErrors, index: number): NonNullable<Judgement['since']> {
  let first = index;
  for (let back = index; back > index - RECENT_MINUTES && back >= 0; back -= 1) {
    if ((errors.serverErrors[back] ?? 0) > 0) first = back;
  }
  const sumFrom = (values: readonly number[]): number =>
    values.slice(first, index + 1).reduce((total, value) => total + value, 0);
  return {
    startedAtMs: errors.startMs + first * 60_000,
    sums: { requests: sumFrom(errors.requests), bad: sumFrom(errors.serverErrors) },
  };
}

function judgeMinute(errors: StageErrors, index: number, windows: Windows, budgetRatio: number): Judgement {
  const recentRequests = windows.requests(RECENT_MINUTES);
  const recentBad = windows.bad(RECENT_MINUTES);
  const recentRatio = recentBad / recentRequests;
  const fast = isBurning(windows, FAST, budgetRatio);
  // The long windows stay high for hours; only errors that still happen are worth a message.
  const slow = recentRatio >= budgetRatio && isBurning(windows, SLOW, budgetRatio);
  return {
    kind: 'error-budget',
    scope: errors.scope,
    verdict: fast || slow ? 'breach' : recentRatio < budgetRatio ? 'clean' : 'borderline',
    severity: fast ? 'critical' : 'warning',
    latest: { recentRatio, recentBad, recentRequests, budgetRatio },
    sums: { requests: errors.requests[index] ?? 0, bad: errors.serverErrors[index] ?? 0 },
    peaks: { recentRatio },
    isQuiet: errors.serverErrors[index] === 0,
    since: since(errors, index),
  };
}

/**
 * Judges how fast a stage uses up its error budget: 5xx against a target, over two pairs of windows. A ratio from
 * few requests counts only as far as its lower confidence bound, and fewer than three errors never do. A minute
 * without requests is not judged.
 *
 * @param fromIndex - The first minute to judge; what lies before it is history
 * @param targetRatio - The share of requests that must not fail, below 1
 */
export function judgeErrorBudget(
  errors: StageErrors,
  fromIndex: number,
  targetRatio: number,
): JudgedMinute[] {
  const budgetRatio = 1 - targetRatio;
  const requests = trailingSums(errors.requests);
  const bad = trailingSums(errors.serverErrors);
  const judged: JudgedMinute[] = [];
  for (let index = fromIndex; index < errors.requests.length; index += 1) {
    if (errors.requests[index] === 0) continue;
    const windows: Windows = {
      requests: (minutes) => requests(index + 1, minutes),
      bad: (minutes) => bad(index + 1, minutes),
    };
    judged.push({
      minuteMs: errors.startMs + index * 60_000,
      judgements: [judgeMinute(errors, index, windows, budgetRatio)],
    });
  }
  return judged;
}

/** The cause with the most requests, or `null` where none was counted. */
export function dominantCause(causes: ReadonlyMap<CauseSlug, number>): CauseSlug | null {
  let dominant: CauseSlug | null = null;
  let most = 0;
  for (const [cause, requests] of causes) {
    if (requests > most) {
      dominant = cause;
      most = requests;
    }
  }
  return dominant;
}
