/** How many seconds must lie how close together; the band is a share of the spread that chance alone would give. */
const PLATEAUS = [
  { bandRatio: 0.25, minSeconds: 30 },
  { bandRatio: 0.5, minSeconds: 40 },
] as const;

/** The throttle is best effort: what it lets through may lie a little beside the quota. */
const QUOTA_TOLERANCE = 0.03;

/** The burst lets some seconds pass above the plateau, before it is used up. */
const MAX_SECONDS_ABOVE_RATIO = 0.25;

/** With more 429s than this in the logs, they tell themselves that the throttle refuses. */
const MAX_LOGGED_RATIO = 0.01;

/** What was let through in each second of one minute, and how much of what was refused the logs show. */
export type AdmittedSeconds = {
  /** Requests of each second that were not refused, the unlogged ones included. */
  readonly admitted: readonly number[];
  /** The part of them that is a mean and so has no spread of its own, requests per second. */
  readonly unloggedRps: number;
  /** 429s in the logs of the minute that may be the account's. */
  readonly refused: number;
};

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/**
 * Tells a minute in which the account throttle cuts the top off while the refusals are missing from the logs: API Gateway
 * may drop logs and metrics of excessive 429s. What independent callers ask for scatters by at least the square root of
 * its rate, upwards as well; what a full throttle lets through lies flat at the quota with nothing above. A throttle that
 * wobbles by more than half of that spread is not told from ordinary traffic.
 *
 * @param rateRps - The account's rate quota, above 0
 * @returns The seconds that lie flat at the quota, 0 where it is not so
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-monitor.html}
 */
export function clippedSeconds({ admitted, unloggedRps, refused }: AdmittedSeconds, rateRps: number): number {
  const total = admitted.reduce((sum, count) => sum + count, 0);
  if (refused > MAX_LOGGED_RATIO * total) return 0;
  const top = admitted.filter((count) => count >= (1 - QUOTA_TOLERANCE) * rateRps).sort((a, b) => a - b);
  const level = middle(top);
  if (level > (1 + QUOTA_TOLERANCE) * rateRps) return 0;
  const chanceRps = Math.sqrt(Math.max(1, level - unloggedRps));
  for (const { bandRatio, minSeconds } of PLATEAUS) {
    const band = Math.max(1, bandRatio * chanceRps);
    const flat = top.filter((count) => Math.abs(count - level) <= band).length;
    const above = top.filter((count) => count > level + band).length;
    if (flat >= minSeconds && above <= MAX_SECONDS_ABOVE_RATIO * top.length) return flat;
  }
  return 0;
}
