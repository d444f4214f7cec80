import { median } from '#shared/domain/detection/statistics.ts';

/** The account's mean demand in one minute. */
export type MinuteDemand = { readonly minuteMs: number; readonly demandRps: number };

/** A straight line through recent minutes. Its time is in minutes from the end of the newest one: the past is below 0. */
export type DemandTrend = {
  /** The end of the newest minute, epoch milliseconds. */
  readonly endMs: number;
  readonly slopeRpsPerMinute: number;
  /** The line at the end of the newest minute. */
  readonly levelRps: number;
  /** Where both are known best: in the middle of the minutes. */
  readonly centreMinutes: number;
  /** Four of five slopes, and levels at the centre, are within so much of the true one. */
  readonly slopeMarginRps: number;
  readonly centreMarginRps: number;
  /** Four of five minutes are within so much of the line. */
  readonly minuteMarginRps: number;
  /** The newest minutes lie clearly below the line of those before them: it does not go on. */
  readonly hasBrokenOff: boolean;
};

/** How many of the newest minutes make a trend, and how many of them must have data. */
export const TREND_MINUTES = 30;
const MIN_TREND_POINTS = 15;

const MINUTE_MS = 60_000;

/** The spread is that of the nearest four fifths of the minutes, so that a few odd ones do not widen it. */
const NEAREST_RATIO = 0.8;
/** How far four fifths of a normal distribution are from its middle, on average and in standard deviations. */
const NEAREST_DISTANCE = 0.5586;
/** Residuals further out are taken for this far out: one odd minute says nothing of those next to it. */
const MAX_DEVIATIONS = 3;
/** A slope by medians is this much less certain than one by least squares, where the noise is normal. */
const MEDIAN_VARIANCE_FACTOR = 1.1;
/** Half an hour cannot tell a stronger likeness of neighbouring minutes from a trend. */
const MAX_LIKENESS = 0.8;
/** The line takes a part of the spread with it, but never more than this leaves. */
const MIN_SPREAD_LEFT = 0.3;
/** Four of five of a normal distribution; a tenth lies beyond each end. */
const Z = 1.2816;

type Point = { readonly x: number; readonly y: number };

/** The minutes of the last half hour, each at its middle. */
function toPoints(minutes: readonly MinuteDemand[], endMs: number): Point[] {
  return minutes
    .map(({ minuteMs, demandRps }) => ({ x: (minuteMs - endMs) / MINUTE_MS + 0.5, y: demandRps }))
    .filter(({ x }) => x > -TREND_MINUTES)
    .sort((a, b) => a.x - b.x);
}

/** Theil and Sen's slope: the median of the slopes between all pairs of points. */
function medianSlope(points: readonly Point[]): number {
  const slopes: number[] = [];
  for (const [index, a] of points.entries()) {
    for (const b of points.slice(index + 1)) slopes.push((b.y - a.y) / (b.x - a.x));
  }
  return median(slopes) ?? 0;
}

/** What a line through few points takes away of the likeness; found by simulation. */
const LIKENESS_LOST = 4;

/**
 * How much a residual resembles that of the minute before it, 0 to 0.8.
 *
 * @param residuals - In standard deviations, with the minutes that they belong to
 */
function likenessOf(residuals: readonly Point[]): number {
  let together = 0;
  let alone = 0;
  for (const [index, { x, y }] of residuals.entries()) {
    alone += y * y;
    const before = residuals[index - 1];
    if (before !== undefined && x - before.x === 1) together += before.y * y;
  }
  if (alone === 0) return 0;
  const seen = together / alone;
  const likeness = seen + (LIKENESS_LOST * (1 + seen)) / residuals.length;
  return Math.min(MAX_LIKENESS, Math.max(0, likeness));
}

type Noise = { readonly deviation: number; readonly likeness: number };

function noiseOf(residuals: readonly Point[]): Noise {
  const distances = residuals.map(({ y }) => Math.abs(y)).sort((a, b) => a - b);
  const nearest = distances.slice(0, Math.round(NEAREST_RATIO * distances.length));
  const distance = nearest.reduce((sum, value) => sum + value, 0) / nearest.length;
  const deviation = distance / NEAREST_DISTANCE;
  if (deviation === 0) return { deviation, likeness: 0 };
  const clip = (y: number): number => Math.min(MAX_DEVIATIONS, Math.max(-MAX_DEVIATIONS, y / deviation));
  return { deviation, likeness: likenessOf(residuals.map(({ x, y }) => ({ x, y: clip(y) }))) };
}

/**
 * Where neighbouring minutes resemble each other, thirty of them tell as much as a few that do not, and fewer of them
 * are known less well: Student's factor, within 5 % of its quantile from two degrees of freedom on.
 */
function marginsOf({ deviation, likeness }: Noise, count: number, spread: number) {
  const inflation = (1 + likeness) / (1 - likeness);
  const z = Z * (1 + 1 / Math.max(2, count / inflation - 2));
  const spreadLeft = Math.max(MIN_SPREAD_LEFT, 1 - (2 * inflation) / count);
  const variance = (deviation ** 2 * MEDIAN_VARIANCE_FACTOR * inflation) / spreadLeft;
  return {
    slopeMarginRps: z * Math.sqrt(variance / spread),
    centreMarginRps: z * Math.sqrt(variance / count),
    minuteMarginRps: z * deviation,
  };
}

type Line = Omit<DemandTrend, 'endMs' | 'hasBrokenOff'>;

function fitLine(points: readonly Point[]): Line {
  const slope = medianSlope(points);
  const level = median(points.map(({ x, y }) => y - slope * x)) ?? 0;
  const residuals = points.map(({ x, y }) => ({ x, y: y - slope * x - level }));
  const centreMinutes = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - centreMinutes) ** 2, 0);
  return {
    slopeRpsPerMinute: slope,
    levelRps: level,
    centreMinutes,
    ...marginsOf(noiseOf(residuals), points.length, spread),
  };
}

/** So many of the newest minutes are held against the line of those before: few tell a break soon, more tell it longer. */
const NEWEST_MINUTES = [5, 10, 15];
/** The middle of the newest minutes is within its margin of the line in four of five cases; a break is clearly below. */
const BREAK_MARGINS = 2;

function breaksOff(points: readonly Point[], newestMinutes: number): boolean {
  const before = points.filter(({ x }) => x < -newestMinutes);
  const newest = points.filter(({ x }) => x >= -newestMinutes);
  if (before.length < MIN_TREND_POINTS || newest.length < newestMinutes / 2) return false;
  const { slopeRpsPerMinute, levelRps, centreMinutes, slopeMarginRps, centreMarginRps } = fitLine(before);
  const away = median(newest.map(({ x, y }) => y - levelRps - slopeRpsPerMinute * x)) ?? 0;
  const distance = -newestMinutes / 2 - centreMinutes;
  // The middle of a few minutes is known less well than that of many, in the same measure.
  const square =
    (slopeMarginRps * distance) ** 2 + centreMarginRps ** 2 * (1 + before.length / newest.length);
  return away < -BREAK_MARGINS * Math.sqrt(square);
}

/**
 * Fits a line that a few odd minutes do not bend. Its margins count the spread of the minutes around it, and that
 * neighbouring minutes resemble each other.
 *
 * @param minutes - In any order; those more than half an hour before the newest are left out
 * @returns `null` for fewer than 15 minutes with data
 */
export function fitTrend(minutes: readonly MinuteDemand[]): DemandTrend | null {
  const endMs = Math.max(...minutes.map(({ minuteMs }) => minuteMs)) + MINUTE_MS;
  const points = toPoints(minutes, endMs);
  if (points.length < MIN_TREND_POINTS) return null;
  return {
    endMs,
    ...fitLine(points),
    hasBrokenOff: NEWEST_MINUTES.some((minutes) => breaksOff(points, minutes)),
  };
}

/** True if the slope, with all of its margin, is upwards, and the newest minutes go along. */
export function isClimbing({ slopeRpsPerMinute, slopeMarginRps, hasBrokenOff }: DemandTrend): boolean {
  return slopeRpsPerMinute - slopeMarginRps > 0 && !hasBrokenOff;
}

/**
 * How fast the account's demand has grown over the last half hour.
 *
 * @returns Requests per second, per minute; `null` where too few minutes have data
 */
export function trendOf(minutes: readonly MinuteDemand[]): number | null {
  return fitTrend(minutes)?.slopeRpsPerMinute ?? null;
}
