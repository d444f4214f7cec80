const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `$context.requestTime`: `10/Jun/2023:15:36:28 +0000`. */
const CLF_TIME = /^\[?(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\]?$/;
const EPOCH = /^\d{9,13}(\.\d+)?$/;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

/** Below this an epoch is in seconds: as milliseconds it would be before 1973. */
const SMALLEST_EPOCH_MS = 100_000_000_000;

function parseClfTime(text: string): number | null {
  const match = CLF_TIME.exec(text);
  if (match === null) return null;
  const [, day, monthName, year, hour, minute, second, sign, offsetHours, offsetMinutes] = match;
  const month = MONTHS.indexOf(String(monthName).toLowerCase());
  if (month < 0) return null;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const localMs = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return sign === '-' ? localMs + offsetMs : localMs - offsetMs;
}

/**
 * Reads a time as access logs write it: epoch milliseconds, epoch seconds, CLF or ISO 8601.
 * The documentation gives milliseconds for REST and WebSocket and no unit for HTTP APIs, so both are taken.
 *
 * @returns Epoch milliseconds, or `null` for anything else
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html}
 */
export function parseTime(text: string): number | null {
  if (EPOCH.test(text)) {
    const epoch = Number(text);
    return Math.round(epoch < SMALLEST_EPOCH_MS ? epoch * 1_000 : epoch);
  }
  const clf = parseClfTime(text);
  if (clf !== null) return clf;
  if (!ISO_TIME.test(text)) return null;
  const isoMs = Date.parse(/[zZ]|[+-]\d{2}:?\d{2}$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(isoMs) ? null : isoMs;
}
