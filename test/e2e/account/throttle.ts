/** What the account's throttle lets through; small, so that few lines exhaust it. */
export const ACCOUNT_THROTTLE = { rateRps: 12, burst: 6 };
