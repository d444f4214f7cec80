import {
  ACCESS_LOG_FIELDS,
  type AccessLogField,
  type AccessLogFields,
  isAbsent,
  type ReadLine,
} from '#shared/domain/logs/access-log-fields.ts';
import type { LineTemplate } from '#shared/domain/logs/line-template.ts';
import { type DecodeName, decodeDigits, type PackedText } from '#shared/domain/logs/packed-text.ts';

/**
 * The facts of one line, wherever they are: taken out of it, or still among the bytes of a payload. Of most lines a
 * few numbers are all that is needed, so nothing is made of the others.
 */
export type AccessLogFacts = {
  /** As in {@link AccessLogFields}. */
  readonly text: (field: AccessLogField) => string | undefined;
  /** What up to 15 digits without leading zeros spell, and `null` for all else. */
  readonly digits: (field: AccessLogField) => number | null;
  /** All of them. */
  readonly fields: () => AccessLogFields;
  /** As in {@link ReadLine}. */
  readonly isRepaired: boolean;
};

/** As `decodeDigits` has it. */
const DIGITS = /^(?:0|[1-9]\d{0,14})$/;

/** The facts that were taken out of a line. */
export function factsOf({ fields, isRepaired }: ReadLine): AccessLogFacts {
  return {
    text: (field) => fields[field],
    digits: (field) => {
      const text = fields[field];
      return text !== undefined && DIGITS.test(text) ? Number(text) : null;
    },
    fields: () => fields,
    isRepaired,
  };
}

/** The line that facts are asked of: its bytes, and where in them each value begins and ends. Changes from line to line. */
export type LineCursor = { text: PackedText; readonly bounds: Int32Array };

/** Which values of a format tell a fact, the best spelling first. */
type ValuesByField = Record<AccessLogField, readonly number[]>;

function valuesByField({ captures }: LineTemplate): ValuesByField {
  const byField = {} as Record<AccessLogField, number[]>;
  // All fields for every format, and in one order: then the objects of all formats are of one kind for the engine.
  for (const field of ACCESS_LOG_FIELDS) byField[field] = [];
  for (const { field, value } of [...captures].sort((a, b) => a.rank - b.rank)) byField[field].push(value);
  return byField;
}

/** Makes the facts of lines of one format: of whichever line the cursor is at. */
export function createTemplateFacts(
  template: LineTemplate,
  cursor: LineCursor,
  decodeName: DecodeName,
): AccessLogFacts {
  const byField = valuesByField(template);
  const { bounds } = cursor;

  const textOf = (value: number): string | undefined => {
    const found = decodeName(cursor.text, bounds[2 * value] ?? 0, bounds[2 * value + 1] ?? 0).trim();
    return isAbsent(found) ? undefined : found;
  };

  const firstText = (values: readonly number[]): string | undefined => {
    for (const value of values) {
      const found = textOf(value);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const digitsOf = (field: AccessLogField): number | null => {
    const value = byField[field][0];
    if (value === undefined) return null;
    const number = decodeDigits(cursor.text, bounds[2 * value] ?? 0, bounds[2 * value + 1] ?? 0);
    if (number !== null) return number;
    const other = firstText(byField[field]);
    return other !== undefined && DIGITS.test(other) ? Number(other) : null;
  };

  return {
    text: (field) => firstText(byField[field]),
    digits: digitsOf,
    fields: () => {
      const fields: AccessLogFields = {};
      for (const [field, values] of Object.entries(byField) as [AccessLogField, readonly number[]][]) {
        const found = firstText(values);
        if (found !== undefined) fields[field] = found;
      }
      return fields;
    },
    isRepaired: false,
  };
}
