import {
  type AccessLogField,
  type AccessLogFields,
  type FieldSpelling,
  isAbsent,
  type SpellingOf,
} from '#shared/domain/logs/access/access-log-fields.ts';
import type { Member } from '#shared/domain/logs/access/list-members.ts';
import { parseTime } from '#shared/domain/logs/access/parse-time.ts';

type Found = { readonly rank: number; readonly text: string; readonly isDisputed: boolean };

/** `$context.requestTime` has seconds and `$context.requestTimeEpoch` milliseconds of the same time. */
function isSameTime(a: string, b: string): boolean {
  const [first, second] = [parseTime(a), parseTime(b)];
  return first !== null && second !== null && Math.floor(first / 1_000) === Math.floor(second / 1_000);
}

function add(found: Map<AccessLogField, Found>, { field, rank }: FieldSpelling, value: string): void {
  const text = isAbsent(value) ? '' : value;
  const known = found.get(field) ?? { rank: Number.POSITIVE_INFINITY, text, isDisputed: false };
  const agree = text === known.text || (field === 'time' && isSameTime(text, known.text));
  const isDisputed = known.isDisputed || !agree;
  found.set(field, rank < known.rank ? { rank, text, isDisputed } : { ...known, isDisputed });
}

/**
 * Takes the known facts out of a line whose parts may be forged: a client can write what looks like a key with its
 * value into a text that the line quotes. It cannot take the real one away; so a fact that stands in several
 * places, under whichever names, is known only if all of them agree.
 *
 * @returns `null` if it is not certain what the status is, without which nothing is known
 */
export function certainFields(members: readonly Member[], spelling: SpellingOf): AccessLogFields | null {
  const found = new Map<AccessLogField, Found>();
  for (const { name, value } of members) {
    const spelled = spelling(name);
    if (spelled !== null && value !== null) add(found, spelled, value.trim());
  }
  if (found.get('status')?.isDisputed === true) return null;
  const fields: AccessLogFields = {};
  for (const [field, { text, isDisputed }] of found) if (text !== '' && !isDisputed) fields[field] = text;
  return fields;
}
