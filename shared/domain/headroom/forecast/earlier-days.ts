import { median } from '#shared/domain/detection/statistics.ts';
import {
  type DemandTrend,
  fitTrend,
  type MinuteDemand,
  TREND_MINUTES,
} from '#shared/domain/headroom/forecast/demand-trend.ts';

/** Demand in requests per second by the minute it stands for, epoch milliseconds; a minute without data is absent. */
export type DemandSeries = ReadonlyMap<number, number>;

/** What else is known of the account's demand than its last half hour. */
export type EarlierDemand = {
  /** Today, for the hours before. */
  readonly today: DemandSeries;
  /** Earlier days, each moved to today: the value of a minute is what was at that time of day then. */
  readonly days: readonly DemandSeries[];
};

/** Nothing is known of it. */
export const NO_EARLIER_DEMAND: EarlierDemand = { today: new Map(), days: [] };

const MINUTE_MS = 60_000;

/** An earlier day climbs like today if its growth is between half and double of today's. */
const MAX_GROWTH_FACTOR = 2;
/** With a tenth of today's demand, a day was another kind of day. */
const MIN_LEVEL_RATIO = 0.1;
/** A day that says less than half of what followed says nothing. */
const MIN_KNOWN_RATIO = 0.5;
/** Minutes to each side that one is smoothed with. */
const SMOOTHING_MINUTES = 2;

function halfHourBefore(day: DemandSeries, endMs: number): MinuteDemand[] {
  const minutes: MinuteDemand[] = [];
  for (let minuteMs = endMs - TREND_MINUTES * MINUTE_MS; minuteMs < endMs; minuteMs += MINUTE_MS) {
    const demandRps = day.get(minuteMs);
    if (demandRps !== undefined) minutes.push({ minuteMs, demandRps });
  }
  return minutes;
}

/** The line of a day's half hour, if the day climbed then as today does. */
function likeToday(day: DemandSeries, today: DemandTrend): DemandTrend | null {
  const then = fitTrend(halfHourBefore(day, today.endMs));
  if (then === null || then.levelRps < MIN_LEVEL_RATIO * today.levelRps) return null;
  const growth = then.slopeRpsPerMinute / then.levelRps / (today.slopeRpsPerMinute / today.levelRps);
  return growth >= 1 / MAX_GROWTH_FACTOR && growth <= MAX_GROWTH_FACTOR ? then : null;
}

function smoothed(day: DemandSeries, minuteMs: number): number | null {
  const around: number[] = [];
  for (let offset = -SMOOTHING_MINUTES; offset <= SMOOTHING_MINUTES; offset += 1) {
    const demandRps = day.get(minuteMs + offset * MINUTE_MS);
    if (demandRps !== undefined) around.push(demandRps);
  }
  return median(around);
}

/** How many minutes after `endMs` a day reaches a level: infinite if it never does, `null` if it does not tell. */
function minutesTo(
  levelRps: number,
  day: DemandSeries,
  endMs: number,
  horizonMinutes: number,
): number | null {
  let known = 0;
  for (let minute = 0; minute < horizonMinutes; minute += 1) {
    const demandRps = smoothed(day, endMs + minute * MINUTE_MS);
    if (demandRps === null) continue;
    known += 1;
    if (demandRps >= levelRps) return minute + 0.5;
  }
  return known >= MIN_KNOWN_RATIO * horizonMinutes ? Number.POSITIVE_INFINITY : null;
}

/**
 * How long it takes to the quota if today goes on as those earlier days did that climbed as it does: each is scaled to
 * today's level.
 *
 * @param today - A trend that climbs
 * @returns One entry a day, infinite where the quota is not reached within the horizon
 */
export function minutesOnEarlierDays(
  days: readonly DemandSeries[],
  today: DemandTrend,
  quotaRps: number,
  horizonMinutes: number,
): number[] {
  return days.flatMap((day) => {
    const then = likeToday(day, today);
    if (then === null) return [];
    const levelRps = (quotaRps / today.levelRps) * then.levelRps;
    return minutesTo(levelRps, day, today.endMs, horizonMinutes) ?? [];
  });
}
