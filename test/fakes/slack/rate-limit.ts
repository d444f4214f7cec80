/** How many calls Slack takes: so many a minute in the long run, and so many at once after a pause. */
export type RateLimit = { readonly perMinute: number; readonly burst: number };

/** Tells, by the clock of the stand-in, whether a call may come now. */
export type RateLimiter = {
  /** @returns How long to wait, in milliseconds; 0 if the call is taken */
  readonly take: (key: string, nowMs: number) => number;
};

/** A token bucket for each key, such as a channel. */
export function createRateLimiter({ perMinute, burst }: RateLimit): RateLimiter {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const tokenMs = 60_000 / perMinute;
  return {
    take: (key, nowMs) => {
      const { tokens, atMs } = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
      const filled = Math.min(burst, tokens + (nowMs - atMs) / tokenMs);
      const isTaken = filled >= 1;
      buckets.set(key, { tokens: isTaken ? filled - 1 : filled, atMs: nowMs });
      return isTaken ? 0 : (1 - filled) * tokenMs;
    },
  };
}
