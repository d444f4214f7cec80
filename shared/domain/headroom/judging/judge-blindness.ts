import type { Scope } from '#shared/domain/detection/finding.ts';
import type { JudgedMinute, Judgement } from '#shared/domain/detection/occurrence.ts';
import { trailingSums } from '#shared/domain/detection/statistics.ts';
import { loggedOf, type SourceMinutes } from '#shared/domain/headroom/sources/source-minutes.ts';
import { BLINDNESS_MINUTES, isBusyThroughout } from '#shared/domain/headroom/sources/source-spans.ts';

const MINUTE_MS = 60_000;
const NEWEST_MINUTES = 5;

/** How many minutes of a span have any count; counts of two groupings are never added up. */
function countedMinutes({
  groups,
  undimensioned,
  logged,
}: SourceMinutes): (end: number, minutes: number) => number {
  const counts = [...groups.map(({ counted }) => counted), undimensioned];
  return trailingSums(logged.map((_, minute) => (counts.some((count) => (count[minute] ?? 0) > 0) ? 1 : 0)));
}

/** Requests by the logs of known stages, per minute: of others CloudWatch is not asked. */
function loggedByStages({ groups, logged }: SourceMinutes): number[] {
  const parts = groups.map(loggedOf);
  return logged.map((_, minute) => parts.reduce((sum, part) => sum + (part[minute] ?? 0), 0));
}

/**
 * Judges whether CloudWatch still has API Gateway's metrics while the logs of known stages are busy.
 *
 * @param wasCountedBefore - Whether there were any in the hours before: a Region or an emulator that never has them is not
 * blind, it has one source
 */
export function judgeServiceSilence(
  sources: SourceMinutes,
  account: Scope,
  wasCountedBefore: boolean,
): JudgedMinute[] {
  const { startMs } = sources;
  const logged = loggedByStages(sources);
  const counted = countedMinutes(sources);
  const minutes: JudgedMinute[] = [];
  for (let end = BLINDNESS_MINUTES + 1; end <= logged.length; end += 1) {
    const window = logged.slice(end - BLINDNESS_MINUTES, end);
    const loggedRequests = window.reduce((sum, count) => sum + count, 0);
    const isCounted = counted(end, NEWEST_MINUTES) > 0;
    // Silence of both says nothing of either.
    if (!isCounted && loggedRequests === 0) continue;
    const isSilent = counted(end, BLINDNESS_MINUTES) === 0 && isBusyThroughout(window);
    const startedAtMs = startMs + (end - BLINDNESS_MINUTES) * MINUTE_MS;
    const judgement: Judgement = {
      kind: 'blind.metrics',
      scope: account,
      verdict: isCounted ? 'clean' : isSilent && wasCountedBefore ? 'breach' : 'borderline',
      severity: 'warning',
      latest: { logged: loggedRequests },
      sums: {},
      peaks: {},
      since: { startedAtMs, sums: {} },
    };
    minutes.push({ minuteMs: startMs + (end - 1) * MINUTE_MS, judgements: [judgement] });
  }
  return minutes;
}

/** One batch in ten that comes later than this makes every finding that much later. */
const MAX_LAG_MS = 5 * MINUTE_MS;
const LAG_MINUTES = 5;
const MIN_LATE_MINUTES = 3;

/** How many minutes before the first one to judge the lag must be known. */
export const LAG_HISTORY_MINUTES = LAG_MINUTES - 1;

/**
 * Judges how late access logs reach Gatewatch: the lag of nine batches in ten, in 3 of 5 minutes. Without any batch
 * nothing is known.
 *
 * @param lagMs - Per minute from {@link LAG_HISTORY_MINUTES} before the first one to judge; `null` without a batch
 */
export function judgeIngestLag(
  lagMs: readonly (number | null)[],
  startMs: number,
  scope: Scope,
): JudgedMinute[] {
  const minutes: JudgedMinute[] = [];
  for (let end = LAG_MINUTES; end <= lagMs.length; end += 1) {
    const known = lagMs.slice(end - LAG_MINUTES, end).filter((lag) => lag !== null);
    const late = known.filter((lag) => lag > MAX_LAG_MS).length;
    if (known.length === 0) continue;
    const worstMs = Math.max(...known);
    const judgement: Judgement = {
      kind: 'blind.logs',
      scope,
      verdict: late >= MIN_LATE_MINUTES ? 'breach' : late === 0 ? 'clean' : 'borderline',
      severity: 'warning',
      latest: { lagMs: worstMs },
      sums: {},
      peaks: { lagMs: worstMs },
    };
    minutes.push({ minuteMs: startMs + (end - 1) * MINUTE_MS, judgements: [judgement] });
  }
  return minutes;
}

/** How far an evaluator of some function is. */
export type EvaluatorProgress = {
  readonly name: string;
  /** Its watermark, epoch milliseconds. */
  readonly throughMs: number;
  /** How far behind the clock the watermark may be in quiet running: the period and the time for data to settle. */
  readonly usualDelaySeconds: number;
};

const STANDS_STILL_MS = 10 * MINUTE_MS;
const KEEPS_UP_MS = 5 * MINUTE_MS;

/**
 * Judges whether the evaluation of a function stands still.
 *
 * @param evaluators - Those that ever ran
 * @param wasStanding - Whether it did a run before: once is worth no message, it may be about to go on
 * @returns `null` if none ever ran
 */
export function judgeEvaluation(
  evaluators: readonly EvaluatorProgress[],
  nowMs: number,
  scope: Scope,
  wasStanding: boolean,
): Judgement | null {
  if (evaluators.length === 0) return null;
  const overdueMs = ({ throughMs, usualDelaySeconds }: EvaluatorProgress): number =>
    nowMs - throughMs - usualDelaySeconds * 1_000;
  const standing = evaluators.filter((evaluator) => overdueMs(evaluator) >= STANDS_STILL_MS);
  const keepsUp = evaluators.every((evaluator) => overdueMs(evaluator) <= KEEPS_UP_MS);
  return {
    kind: 'blind.metrics',
    scope,
    verdict: standing.length > 0 ? 'breach' : keepsUp ? 'clean' : 'borderline',
    severity: !wasStanding ? 'info' : standing.length === evaluators.length ? 'critical' : 'warning',
    since: { startedAtMs: Math.min(nowMs, ...standing.map(({ throughMs }) => throughMs)), sums: {} },
    latest: Object.fromEntries(
      evaluators.map((evaluator) => [
        `${standing.includes(evaluator) ? 'stands' : 'runs'}:${evaluator.name}`,
        evaluator.throughMs,
      ]),
    ),
    sums: {},
    peaks: {},
  };
}
