import {
  type AccessLogField,
  type AccessLogFields,
  type FieldSpelling,
  isAbsent,
  MAX_DEPTH,
  type SpellingOf,
} from '#shared/domain/logs/access/access-log-fields.ts';

/** What was taken out of a line. */
export type CollectedFields = {
  readonly fields: AccessLogFields;
  /** How many keys were looked at: those in arrays and too deep ones are not. */
  readonly members: number;
  /** Whether two keys are one but for case and separators. */
  readonly isRepeated: boolean;
};

type Found = { -readonly [Key in keyof CollectedFields]: CollectedFields[Key] } & {
  readonly spelling: SpellingOf;
  readonly seen: Set<FieldSpelling>;
  readonly ranks: Partial<Record<AccessLogField, number>>;
};

function take(name: string, value: unknown, found: Found): void {
  const { fields, ranks, seen } = found;
  const spelled = found.spelling(name);
  if (spelled === null) return;
  if (seen.has(spelled)) found.isRepeated = true;
  seen.add(spelled);
  if ((ranks[spelled.field] ?? Number.POSITIVE_INFINITY) <= spelled.rank) return;
  const text = String(value).trim();
  if (isAbsent(text)) return;
  fields[spelled.field] = text;
  ranks[spelled.field] = spelled.rank;
}

function collect(node: object, prefix: string, depth: number, found: Found): void {
  if (depth > MAX_DEPTH || Array.isArray(node)) return;
  for (const [key, value] of Object.entries(node)) {
    found.members += 1;
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'object' && value !== null) collect(value, name, depth + 1, found);
    else take(name, value, found);
  }
}

/**
 * Takes the known facts out of a decoded JSON log line, flat or nested, with any documented key naming.
 *
 * @param line - The object of one access-log line
 */
export function collectFields(line: object, spelling: SpellingOf): CollectedFields {
  const found: Found = { fields: {}, members: 0, isRepeated: false, spelling, seen: new Set(), ranks: {} };
  collect(line, '', 1, found);
  return found;
}
