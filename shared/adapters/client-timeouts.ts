/**
 * Timeouts of an AWS client in a Lambda: a call that hangs must fail while there is time to do something about it.
 * The SDK has none by default.
 */
export const CLIENT_TIMEOUTS = {
  connectionTimeout: 2_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
} as const;
