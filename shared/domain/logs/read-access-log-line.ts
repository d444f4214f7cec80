import {
  type AccessLogFields,
  type ReadLine,
  type SpellingOf,
  spellingOf,
  spellingWithPath,
} from '#shared/domain/logs/access-log-fields.ts';
import { type LineTemplate, learnTemplate, readByTemplate } from '#shared/domain/logs/line-template.ts';
import { readClfLine } from '#shared/domain/logs/read-clf-line.ts';
import { readCsvLine } from '#shared/domain/logs/read-csv-line.ts';
import { readJsonLine } from '#shared/domain/logs/read-json-line.ts';
import { readXmlLine } from '#shared/domain/logs/read-xml-line.ts';

/** Why a line has no fields. `not-json`: it begins as JSON does; `unknown-format`: as nothing that is read. */
export type UnreadableReason = 'empty' | 'too-long' | 'not-json' | 'unknown-format';

/** Reads the facts of one access-log line. */
export type ReadAccessLogLine = (message: string) => ReadLine | UnreadableReason;

/** `keepsPath`: the raw path is read too. It may hold personal data, and must not leave the machine. */
export type ReadOptions = { readonly keepsPath?: boolean };

/**
 * The longest line that is read, in UTF-16 code units. CloudWatch Logs takes events of at most 1 MB.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html}
 */
export const MAX_LINE_LENGTH = 1_048_576;

/** A log group holds the lines of few formats, one per stage that writes to it. */
const MAX_TEMPLATES = 8;

function isSame(a: AccessLogFields, b: AccessLogFields | null): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b ?? {}).sort());
}

/** Each line tells by itself which format it is of. */
function readLine(line: string, spelling: SpellingOf, keepsPath: boolean): ReadLine | UnreadableReason {
  if (line.startsWith('{')) return readJsonLine(line, spelling) ?? 'not-json';
  const fields = line.startsWith('<')
    ? readXmlLine(line, spelling)
    : (readClfLine(line, keepsPath) ?? readCsvLine(line, keepsPath));
  return fields === null ? 'unknown-format' : { fields, isRepaired: false };
}

/**
 * Makes a reader for the lines of one log group, in any of AWS's formats, which may be mixed. It parses the first line
 * of a JSON format as JSON and reads the later ones by their fixed text, which is faster; a format is used that way only
 * if its first line comes out the same both ways. With `keepsPath`, all lines are parsed.
 */
export function createReadAccessLogLine({ keepsPath = false }: ReadOptions = {}): ReadAccessLogLine {
  const templates: LineTemplate[] = [];
  const spelling = keepsPath ? spellingWithPath : spellingOf;

  function byTemplate(text: string): AccessLogFields | null {
    for (const [index, template] of templates.entries()) {
      const fields = readByTemplate(template, text);
      if (fields === null) continue;
      // The format that fitted last is tried first.
      if (index > 0) templates.unshift(...templates.splice(index, 1));
      return fields;
    }
    return null;
  }

  function learn(text: string, { fields, isRepaired }: ReadLine): void {
    if (keepsPath || isRepaired || templates.length >= MAX_TEMPLATES || !text.startsWith('{')) return;
    const template = learnTemplate(text);
    if (template !== null && isSame(fields, readByTemplate(template, text))) templates.unshift(template);
  }

  return (message) => {
    const text = message.trim();
    if (text === '') return 'empty';
    if (text.length > MAX_LINE_LENGTH) return 'too-long';
    const known = byTemplate(text);
    if (known !== null) return { fields: known, isRepaired: false };
    const line = readLine(text, spelling, keepsPath);
    if (typeof line !== 'string') learn(text, line);
    return line;
  };
}
