const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `$context.requestTime`: `10/Jun/2023:15:36:28 +0000`. */
const CLF_TIME = /^\[?(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})\]?$/;
const EPOCH = /^\d{1,15}(\.\d+)?$/;
const ISO_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?:[Zz]|([+-]\d{2}):?(\d{2}))?$/;

/** In seconds: 1973. Anything before is no time of a request. */
const SMALLEST_EPOCH = 100_000_000;
/** Below this an epoch is in seconds: as milliseconds it would be before 1973. */
const SMALLEST_EPOCH_MS = 100_000_000_000;
/** In milliseconds: the year 2286. */
const EPOCH_END = 10_000_000_000_000;

/** Takes only complete ISO 8601: `Date.parse` reads much else, some of it in the zone of the machine. */
function toEpochMs(date: string, time: string, offset: string): number | null {
  const epochMs = Date.parse(`${date}T${time}${offset}`);
  return Number.isNaN(epochMs) ? null : epochMs;
}

function parseClfTime(text: string): number | null {
  const match = CLF_TIME.exec(text);
  if (match === null) return null;
  const [, day = '', monthName = '', year, time = '', offsetHours, offsetMinutes] = match;
  const month = MONTHS.indexOf(monthName.toLowerCase()) + 1;
  const date = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return toEpochMs(date, time, `${offsetHours}:${offsetMinutes}`);
}

function parseIsoTime(text: string): number | null {
  const match = ISO_TIME.exec(text);
  if (match === null) return null;
  const [, date = '', time = '', offsetHours, offsetMinutes] = match;
  return toEpochMs(date, time, offsetHours === undefined ? 'Z' : `${offsetHours}:${offsetMinutes}`);
}

/** Takes an epoch for seconds or milliseconds, as its size tells; `null` for one that is neither. */
export function epochToMs(epoch: number): number | null {
  if (epoch < SMALLEST_EPOCH || epoch >= EPOCH_END) return null;
  return Math.round(epoch < SMALLEST_EPOCH_MS ? epoch * 1_000 : epoch);
}

/**
 * Reads a time as access logs write it: epoch milliseconds, epoch seconds, CLF or ISO 8601.
 * The documentation gives milliseconds for REST and WebSocket and no unit for HTTP APIs, so both are taken.
 *
 * @returns Epoch milliseconds, or `null` for anything else
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html}
 */
export function parseTime(text: string): number | null {
  if (EPOCH.test(text)) return epochToMs(Number(text));
  return parseClfTime(text) ?? parseIsoTime(text);
}
