import { steadily, THROTTLED, TIMEOUT, type Traffic } from '#test/e2e/account/traffic.ts';
import { MINUTE_MS } from '#test/e2e/e2e.ts';

/** Requests per second on an ordinary day: 67 % of the quota, nearly all of them the orders'. */
const USUAL_RPS = { orders: 7, partner: 1 };

/**
 * Most of the hour of which a stage's usual rate is the median, and which ends five minutes before the surge. It makes more
 * lines of orders-api than CloudWatch Logs gives at once.
 */
const USUAL_MINUTES = 38;
/** Some minutes more than the tests take until the incident is to end, so that time passes with traffic. */
const MINUTES_AFTER = 7;

/** The minute in which the throttle refuses requests of both. */
export function surgeMinuteMs(nowMinuteMs: number): number {
  return nowMinuteMs - 4 * MINUTE_MS;
}

function usually(nowMinuteMs: number, requestsPerSecond: number): Traffic[] {
  const surgeMs = surgeMinuteMs(nowMinuteMs);
  return [
    ...steadily(surgeMs - USUAL_MINUTES * MINUTE_MS, USUAL_MINUTES * 60, requestsPerSecond),
    ...steadily(surgeMs + MINUTE_MS, MINUTES_AFTER * 60, requestsPerSecond),
  ];
}

/**
 * The traffic of both stages. For a minute partner-api asks for ten times as much as usual, and the throttle refuses
 * requests of orders-api too, which asks for no more than ever. What is left of those runs into timeouts: other trouble
 * at the same time.
 */
export function accountTraffic(nowMinuteMs: number): { orders: Traffic[]; partner: Traffic[] } {
  const surgeMs = surgeMinuteMs(nowMinuteMs);
  return {
    orders: [
      ...usually(nowMinuteMs, USUAL_RPS.orders),
      ...steadily(surgeMs, 60, 6, TIMEOUT),
      ...steadily(surgeMs, 60, 1, THROTTLED),
    ],
    partner: [
      ...usually(nowMinuteMs, USUAL_RPS.partner),
      ...steadily(surgeMs, 60, 6),
      ...steadily(surgeMs, 60, 4, THROTTLED),
    ],
  };
}

/** How many requests there are with a status, or in all. */
export function countOf(traffic: readonly Traffic[], status?: number): number {
  return traffic
    .filter(({ outcome }) => status === undefined || outcome.status === status)
    .reduce((sum, { requests }) => sum + requests, 0);
}
