import { InvalidArgumentError } from 'commander';

/** Reads a number above 0. @throws {InvalidArgumentError} For anything else */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.');
  }
  return value;
}

function parseWhole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

/** The random generator knows seeds of 32 bits; a longer one would silently be another. */
const MAX_SEED = 2 ** 32 - 1;

/** Reads a seed, 0 to 4294967295. @throws {InvalidArgumentError} For anything else */
export function parseSeed(text: string): number {
  const seed = parseWhole(text);
  if (seed > MAX_SEED) throw new InvalidArgumentError(`Expected a whole number up to ${MAX_SEED}.`);
  return seed;
}

/** Reads a share between 0 and 1. @throws {InvalidArgumentError} For anything else */
export function parseRatio(text: string): number {
  const value = parsePositive(text);
  if (value >= 1) throw new InvalidArgumentError('Expected a number between 0 and 1, such as 0.999.');
  return value;
}

/** JavaScript takes the 31st of February for the 3rd of March. */
function isInCalendar(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/**
 * Reads an ISO 8601 time; without zone it is UTC.
 *
 * @returns Epoch milliseconds
 * @throws {InvalidArgumentError} For anything else
 */
export function parseIsoTime(text: string): number {
  const isIso =
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text) &&
    isInCalendar(text.slice(0, 10));
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || /^\d{4}-\d{2}-\d{2}$/.test(text);
  const ms = isIso ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('Expected an ISO 8601 time, such as 2026-06-15T14:00Z.');
  return ms;
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Longer ago, or longer, is no time that anybody can mean. */
const AGO = /^(\d{1,5})([smhdw])$/;

/**
 * Reads a duration: `30m`, `2h`, `7d`.
 *
 * @returns Milliseconds, above 0
 * @throws {InvalidArgumentError} For anything else
 */
export function parseDuration(text: string): number {
  const [, amount, unit] = AGO.exec(text) ?? [];
  const ms = Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (ms > 0) return ms;
  throw new InvalidArgumentError('Expected a duration, such as 30m, 2h or 7d.');
}

/**
 * Reads a time as {@link parseIsoTime} does, or how long ago it was: `15m`, `1h`, `7d`.
 *
 * @returns Epoch milliseconds
 * @throws {InvalidArgumentError} For anything else
 */
export function parseTimeOrAgo(text: string, nowMs: number): number {
  const [, amount, unit] = AGO.exec(text) ?? [];
  if (amount !== undefined)
    return Math.max(0, nowMs - Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  try {
    return parseIsoTime(text);
  } catch {
    throw new InvalidArgumentError(
      'Expected an ISO 8601 time, such as 2026-06-15T14:00Z, or how long ago, such as 15m, 1h or 7d.',
    );
  }
}

/**
 * Adds the name of a log group to those before it.
 *
 * @throws {InvalidArgumentError} If no group can be called so; an ARN is no name
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html}
 */
export function parseLogGroupName(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(text)) {
    throw new InvalidArgumentError('Expected the name of a log group, such as /aws/api-gateway/orders.');
  }
  return [...before, text];
}
