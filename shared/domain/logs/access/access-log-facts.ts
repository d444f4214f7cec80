import {
  ACCESS_LOG_FIELDS,
  type AccessLogField,
  type AccessLogFields,
  isAbsent,
  type ReadLine,
} from '#shared/domain/logs/access/access-log-fields.ts';
import { createBounds, type LineTemplate } from '#shared/domain/logs/access/line-template.ts';
import {
  type DecodeName,
  decodeDigits,
  decodeText,
  type PackedText,
  packedText,
} from '#shared/domain/logs/payload/packed-text.ts';

/** Which values of a format tell a fact, the best spelling first. */
type ValuesByField = Readonly<Record<AccessLogField, readonly number[]>>;

/**
 * The facts of one line, wherever they are: taken out of it, or still among the bytes of a payload. Of most lines a
 * few numbers are all that is needed, so nothing is made of the others.
 */
export type AccessLogFacts = {
  /** What was taken out of a line; `null` while it is among the bytes. */
  readonly fields: AccessLogFields | null;
  /** As in {@link ReadLine}. */
  readonly isRepaired: boolean;
  readonly values: ValuesByField;
  /** The line's bytes, and where in them each value begins and ends. They change from line to line. */
  text: PackedText;
  readonly bounds: Int32Array;
  readonly decodeName: DecodeName;
};

function valuesOf(captures: LineTemplate['captures']): ValuesByField {
  const values = {} as Record<AccessLogField, number[]>;
  // All fields for every format, and in one order: then the objects of all formats are of one kind for the engine.
  for (const field of ACCESS_LOG_FIELDS) values[field] = [];
  for (const { field, value } of [...captures].sort((a, b) => a.rank - b.rank)) values[field].push(value);
  return values;
}

const NO_VALUES = valuesOf([]);
const NO_TEXT = packedText(new Uint8Array());
const NO_BOUNDS = new Int32Array();

/** The facts that were taken out of a line. */
export function factsOf({ fields, isRepaired }: ReadLine): AccessLogFacts {
  return { fields, isRepaired, values: NO_VALUES, text: NO_TEXT, bounds: NO_BOUNDS, decodeName: decodeText };
}

/** The facts of the lines of a format: of whichever line text and bounds are of. */
export function factsOfFormat(template: LineTemplate, decodeName: DecodeName): AccessLogFacts {
  const values = valuesOf(template.captures);
  return {
    fields: null,
    isRepaired: false,
    values,
    text: NO_TEXT,
    bounds: createBounds(template),
    decodeName,
  };
}

function firstText(
  { text, bounds, decodeName }: AccessLogFacts,
  values: readonly number[],
): string | undefined {
  for (const value of values) {
    const found = decodeName(text, bounds[2 * value] ?? 0, bounds[2 * value + 1] ?? 0).trim();
    if (!isAbsent(found)) return found;
  }
  return undefined;
}

/** A fact as text, as in {@link AccessLogFields}. */
export function textOf(facts: AccessLogFacts, field: AccessLogField): string | undefined {
  return facts.fields === null ? firstText(facts, facts.values[field]) : facts.fields[field];
}

/** As `decodeDigits` has it. */
const DIGITS = /^(?:0|[1-9]\d{0,14})$/;

/** A fact as the number that up to 15 digits without leading zeros spell; `null` for all else. */
export function digitsOf(facts: AccessLogFacts, field: AccessLogField): number | null {
  const { fields, values, text: line, bounds } = facts;
  const value = fields === null ? values[field][0] : undefined;
  if (value !== undefined) {
    const digits = decodeDigits(line, bounds[2 * value] ?? 0, bounds[2 * value + 1] ?? 0);
    if (digits !== null) return digits;
  }
  const text = textOf(facts, field);
  return text !== undefined && DIGITS.test(text) ? Number(text) : null;
}

/** All facts as texts. */
export function fieldsOf(facts: AccessLogFacts): AccessLogFields {
  if (facts.fields !== null) return facts.fields;
  const fields: AccessLogFields = {};
  for (const field of ACCESS_LOG_FIELDS) {
    const found = firstText(facts, facts.values[field]);
    if (found !== undefined) fields[field] = found;
  }
  return fields;
}
