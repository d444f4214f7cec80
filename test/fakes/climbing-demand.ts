import type { MinuteDemand } from '#shared/domain/headroom/forecast/demand-trend.ts';

const MINUTE_MS = 60_000;

/** How the minutes are from their line. */
export type Noise = {
  /** Standard deviation, as a share of the demand; on top of that of the requests' own chance. */
  readonly deviationRatio: number;
  /** Correlation of a minute with the one before it, 0..1. */
  readonly likeness: number;
};

/** Demand along a straight line. */
export type Climb = {
  readonly levelRps: number;
  /** At the end of the newest minute, which `levelRps` is the demand of. */
  readonly slopeRpsPerMinute: number;
  readonly noise: Noise;
};

/** Normal with mean 0 and deviation 1 (Box and Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Minutes up to `endMs` of demand that climbs, with the chance of requests that come independently of each other, and
 * noise that lasts from minute to minute.
 */
export function createClimb(
  { levelRps, slopeRpsPerMinute, noise }: Climb,
  minutes: number,
  endMs: number,
  random: () => number,
): MinuteDemand[] {
  let lasting = normal(random);
  return Array.from({ length: minutes }, (_, index) => {
    const before = minutes - index;
    const { deviationRatio, likeness } = noise;
    lasting = likeness * lasting + Math.sqrt(1 - likeness ** 2) * normal(random);
    const line = Math.max(0, levelRps - slopeRpsPerMinute * (before - 0.5));
    const meanRps = Math.max(0, line * (1 + deviationRatio * lasting));
    // A count of many requests is normal; its variance is its mean.
    const demandRps = Math.max(0, meanRps + Math.sqrt(meanRps / 60) * normal(random));
    return { minuteMs: endMs - before * MINUTE_MS, demandRps };
  });
}
