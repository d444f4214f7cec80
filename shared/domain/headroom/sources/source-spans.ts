import { trailingSums } from '#shared/domain/detection/statistics.ts';
import { type GroupMinutes, loggedOf } from '#shared/domain/headroom/sources/source-minutes.ts';

/** Silence is told only of two spans of 5 minutes in a row. */
const SPAN_MINUTES = 5;

/** How many minutes the judgement of a minute looks at, itself the last of them. */
export const BLINDNESS_MINUTES = 2 * SPAN_MINUTES;

/** Fewer requests than these prove nothing: they may all be of one client that gave up. */
const MIN_REQUESTS = 30;
const MIN_BUSY_REQUESTS = 5;
const MIN_BUSY_MINUTES_PER_SPAN = 2;
const MIN_CONNECTS = 5;

/** A log that tells less than this share of the requests is as good as silent; above the other it is whole. */
const SILENT_BELOW = 0.5;
const WHOLE_FROM = 0.8;

/** Requests of a few minutes. */
export type Span = {
  readonly counted: number;
  readonly logged: number;
  /** Minutes with enough requests, by CloudWatch. */
  readonly busyMinutes: number;
  readonly connects: number;
};

/** A group of stages, of which any span of minutes can be asked in constant time. */
export type GroupSpans = Pick<GroupMinutes, 'stages'> & {
  /** @param end - Index of the first minute that does not belong to it */
  readonly span: (end: number, minutes: number) => Span;
};

/** Prepares a group for questions about spans. */
export function spansOf(group: GroupMinutes): GroupSpans {
  const counted = group.counted.map((count) => count ?? 0);
  const sums = {
    counted: trailingSums(counted),
    logged: trailingSums(loggedOf(group)),
    busyMinutes: trailingSums(counted.map((count) => (count >= MIN_BUSY_REQUESTS ? 1 : 0))),
    connects: trailingSums(group.connects),
  };
  return {
    stages: group.stages,
    span: (end, minutes) => ({
      counted: sums.counted(end, minutes),
      logged: sums.logged(end, minutes),
      busyMinutes: sums.busyMinutes(end, minutes),
      connects: sums.connects(end, minutes),
    }),
  };
}

/** The newest of the two spans of a judgement. */
export function newestSpan({ span }: GroupSpans, end: number): Span {
  return span(end, SPAN_MINUTES);
}

/** Messages to clients, and stages of one name, make a low number of lines natural; none at all is not. */
function isStrict({ stages }: GroupSpans): boolean {
  return stages.length > 1 || stages[0]?.apiType === 'WEBSOCKET';
}

function isSilent(group: GroupSpans, { counted, logged }: Span): boolean {
  return isStrict(group) ? logged === 0 : logged < SILENT_BELOW * counted;
}

/** Of a WebSocket stage only the opening of a connection has a log line for certain. */
function hasLoggedTraffic({ stages }: GroupSpans, older: Span, newer: Span): boolean {
  if (stages[0]?.apiType !== 'WEBSOCKET') return true;
  return older.connects > 0 && newer.connects > 0 && older.connects + newer.connects >= MIN_CONNECTS;
}

/** Busy by a count, in both spans. */
function isBusy(older: Span, newer: Span): boolean {
  const enough = [older, newer].every(({ busyMinutes }) => busyMinutes >= MIN_BUSY_MINUTES_PER_SPAN);
  return enough && older.counted + newer.counted >= MIN_REQUESTS;
}

/**
 * Whether the log of a group keeps up with its count. Breach: busy and silent in both spans. Clean: the newest span is
 * whole, or has no request.
 */
export function judgeSpans(group: GroupSpans, end: number): 'breach' | 'borderline' | 'clean' {
  const newer = newestSpan(group, end);
  const older = group.span(end - SPAN_MINUTES, SPAN_MINUTES);
  const isSilentThroughout = isSilent(group, older) && isSilent(group, newer);
  if (isBusy(older, newer) && isSilentThroughout && hasLoggedTraffic(group, older, newer)) return 'breach';
  const { counted, logged } = newer;
  const isWhole = isStrict(group) ? counted === 0 || logged > 0 : logged >= WHOLE_FROM * counted;
  return isWhole ? 'clean' : 'borderline';
}

/** Whether requests per minute are enough to expect that another source knows of them too. */
export function isBusyThroughout(requests: readonly number[]): boolean {
  const total = requests.reduce((sum, count) => sum + count, 0);
  const busy = requests.filter((count) => count >= MIN_BUSY_REQUESTS).length;
  return total >= MIN_REQUESTS && busy >= 2 * MIN_BUSY_MINUTES_PER_SPAN;
}
