/** 10:00 UTC of the day on which the access logs of the tests begin. */
export const LOG_START_MS = Date.parse('2026-03-02T10:00:00Z');

const ENDINGS = {
  200: {},
  504: { errorType: 'INTEGRATION_TIMEOUT', errorMessage: 'Endpoint request timed out' },
} as const;

/** A line of an access log in a short format of a REST API. */
function accessLogLine(timeMs: number, status: keyof typeof ENDINGS = 200): string {
  const where = { apiId: 'a1lines001', stage: 'prod', httpMethod: 'GET', resourcePath: '/orders' };
  return JSON.stringify({
    ...where,
    requestTimeEpoch: String(timeMs),
    status: String(status),
    ...ENDINGS[status],
  });
}

/** Lines with status 200, one a second. */
export function calmLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => accessLogLine(LOG_START_MS + index * 1_000));
}

/**
 * An hour with a request each second, of which three minutes fail with 504: one incident, which opens and closes.
 */
export function hourWithOutage(): string[] {
  const fromMs = LOG_START_MS + 20 * 60_000;
  const toMs = fromMs + 3 * 60_000;
  return Array.from({ length: 3_600 }, (_, second) => {
    const timeMs = LOG_START_MS + second * 1_000;
    return accessLogLine(timeMs, timeMs >= fromMs && timeMs < toMs ? 504 : 200);
  });
}
