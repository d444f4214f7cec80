import { type AccessLogFacts, factsOfFormat, fieldsOf } from '#shared/domain/logs/access/access-log-facts.ts';
import type { AccessLogFields, ReadLine } from '#shared/domain/logs/access/access-log-fields.ts';
import {
  type LineTemplate,
  learnTemplate,
  matchTemplate,
  type Quote,
} from '#shared/domain/logs/access/line-template.ts';
import { createDecodeName, type PackedText, packedText } from '#shared/domain/logs/payload/packed-text.ts';

/** The formats of a log group's lines, as far as they were met. */
export type KnownFormats = {
  /**
   * Reads the line from `start` to before `end` by the format of an earlier one; `null` if it has none of them.
   * The facts are those of this line until the next one is read.
   */
  readonly read: (text: PackedText, start: number, end: number) => AccessLogFacts | null;
  /**
   * Learns the format of a line, if it is valid JSON and comes out as it was parsed.
   *
   * @param parsed - What parsing it gave
   */
  readonly learn: (line: string, parsed: ReadLine) => void;
};

/** A log group holds the lines of few formats, one per stage that writes to it. */
const MAX_FORMATS = 8;

const utf8 = new TextEncoder();

type KnownFormat = { readonly template: LineTemplate; readonly facts: AccessLogFacts };

function isSame(a: AccessLogFields, b: AccessLogFields): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

function isRead({ template, facts }: KnownFormat, text: PackedText, start: number, end: number): boolean {
  if (!matchTemplate(template, text, start, end, facts.bounds)) return false;
  facts.text = text;
  return true;
}

/**
 * Starts without any format.
 *
 * @param quote - How quotes stand in the texts that will be read
 */
export function createKnownFormats(quote: Quote): KnownFormats {
  const formats: KnownFormat[] = [];
  const decodeName = createDecodeName();
  let last: KnownFormat | undefined;

  return {
    read: (text, start, end) => {
      if (last !== undefined && isRead(last, text, start, end)) return last.facts;
      last = formats.find((format) => format !== last && isRead(format, text, start, end));
      return last?.facts ?? null;
    },
    learn: (line, { fields, isRepaired }) => {
      const template = !isRepaired && formats.length < MAX_FORMATS ? learnTemplate(line, quote) : null;
      if (template === null) return;
      const format = { template, facts: factsOfFormat(template, decodeName) };
      const bytes = utf8.encode(line.replaceAll('"', quote));
      if (isRead(format, packedText(bytes), 0, bytes.length) && isSame(fields, fieldsOf(format.facts)))
        formats.push(format);
    },
  };
}
