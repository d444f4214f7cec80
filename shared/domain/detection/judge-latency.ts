import type { Scope } from '#shared/domain/detection/finding.ts';
import type { JudgedMinute, Judgement } from '#shared/domain/detection/occurrence.ts';
import { median } from '#shared/domain/detection/statistics.ts';

/** One stage over consecutive minutes from `startMs`; `null` where the minute has no latency. */
export type StageLatency = {
  readonly scope: Scope;
  readonly startMs: number;
  readonly requests: readonly number[];
  readonly p99Ms: readonly (number | null)[];
  readonly integrationP99Ms: readonly (number | null)[];
  readonly integrationTimeoutMs: number;
};

/** Slower than this is noticed by people; faster is no incident however unusual. */
const FLOOR_MS = 1_000;
/** How many times its own baseline a stage must reach. */
const BASELINE_FACTOR = 3;
const BASELINE_MINUTES = 60;
/** The newest minutes are not part of the baseline: they may be the incident. */
const BASELINE_GAP_MINUTES = 5;
const MIN_BASELINE_SAMPLES = 10;
/** Of fewer requests, a p99 is just the slowest one. */
const MIN_REQUESTS = 5;
/** This many of the last {@link VOTE_MINUTES} minutes must be bad. */
const MIN_VOTES = 3;
const VOTE_MINUTES = 5;
/** The share of the integration timeout from which slow turns into failed. */
const TIMEOUT_RATIO = 0.8;

/** The minutes before the first judged one that a judgement needs. */
export const LATENCY_HISTORY_MINUTES = BASELINE_MINUTES + BASELINE_GAP_MINUTES + VOTE_MINUTES;

type Vote = (index: number) => boolean | null;

/** The stage's usual p99 before a minute, or `null` while too little is known of it. */
function baselineMs({ p99Ms }: StageLatency, index: number): number | null {
  const end = Math.max(0, index - BASELINE_GAP_MINUTES);
  const known = p99Ms.slice(Math.max(0, end - BASELINE_MINUTES), end).filter((value) => value !== null);
  return known.length < MIN_BASELINE_SAMPLES ? null : median(known);
}

function isSlow(latency: StageLatency, index: number): boolean | null {
  const p99Ms = latency.p99Ms[index] ?? null;
  const usualMs = baselineMs(latency, index);
  if (p99Ms === null || usualMs === null || (latency.requests[index] ?? 0) < MIN_REQUESTS) return null;
  return p99Ms > Math.max(FLOOR_MS, BASELINE_FACTOR * usualMs);
}

function isNearTimeout(latency: StageLatency, index: number): boolean | null {
  const p99Ms = latency.integrationP99Ms[index] ?? null;
  if (p99Ms === null || (latency.requests[index] ?? 0) < MIN_REQUESTS) return null;
  return p99Ms >= TIMEOUT_RATIO * latency.integrationTimeoutMs;
}

function verdictOf(vote: Vote, index: number): Judgement['verdict'] {
  let votes = 0;
  for (let back = index; back > index - VOTE_MINUTES && back >= 0; back -= 1)
    if (vote(back) === true) votes += 1;
  if (votes >= MIN_VOTES) return 'breach';
  return votes === 0 ? 'clean' : 'borderline';
}

function slowness(latency: StageLatency, index: number): Judgement {
  const p99Ms = latency.p99Ms[index] ?? 0;
  return {
    kind: 'latency',
    scope: latency.scope,
    verdict: verdictOf((minute) => isSlow(latency, minute), index),
    severity: 'warning',
    latest: { p99Ms, usualMs: baselineMs(latency, index) ?? 0 },
    sums: { requests: latency.requests[index] ?? 0 },
    peaks: { p99Ms },
    isQuiet: isSlow(latency, index) === false,
  };
}

function timeoutRisk(latency: StageLatency, index: number): Judgement {
  const p99Ms = latency.integrationP99Ms[index] ?? 0;
  return {
    kind: 'timeout-budget',
    scope: latency.scope,
    verdict: verdictOf((minute) => isNearTimeout(latency, minute), index),
    severity: 'warning',
    latest: { p99Ms, timeoutMs: latency.integrationTimeoutMs },
    sums: { requests: latency.requests[index] ?? 0 },
    peaks: { p99Ms },
    isQuiet: isNearTimeout(latency, index) === false,
  };
}

/** As if each minute had as many requests as it takes to be judged. */
export function withEnoughRequests(latency: Omit<StageLatency, 'requests'>): StageLatency {
  return { ...latency, requests: latency.p99Ms.map(() => MIN_REQUESTS) };
}

/**
 * Judges a stage's p99 latency against its own last hour and a floor, and its integration latency against the
 * integration timeout; each must be bad in three of five minutes. A minute with too few requests is not judged.
 *
 * @param fromIndex - The first minute to judge; what lies before it is history
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html}
 */
export function judgeLatency(latency: StageLatency, fromIndex: number): JudgedMinute[] {
  const judged: JudgedMinute[] = [];
  for (let index = fromIndex; index < latency.requests.length; index += 1) {
    const judgements: Judgement[] = [];
    if (isSlow(latency, index) !== null) judgements.push(slowness(latency, index));
    if (isNearTimeout(latency, index) !== null) judgements.push(timeoutRisk(latency, index));
    if (judgements.length > 0) judged.push({ minuteMs: latency.startMs + index * 60_000, judgements });
  }
  return judged;
}
