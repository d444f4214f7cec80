import { fieldsOf } from '#shared/domain/logs/access/access-log-facts.ts';
import {
  type AccessLogFields,
  type ReadLine,
  type SpellingOf,
  spellingOf,
  spellingWithPath,
} from '#shared/domain/logs/access/access-log-fields.ts';
import { createKnownFormats } from '#shared/domain/logs/access/known-formats.ts';
import { readClfLine } from '#shared/domain/logs/access/read-clf-line.ts';
import { readCsvLine } from '#shared/domain/logs/access/read-csv-line.ts';
import { readJsonLine } from '#shared/domain/logs/access/read-json-line.ts';
import { readPairsLine } from '#shared/domain/logs/access/read-pairs-line.ts';
import { readXmlLine } from '#shared/domain/logs/access/read-xml-line.ts';
import { packedText } from '#shared/domain/logs/payload/packed-text.ts';

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

/** Longer lines are not read by their format. Real ones have less than 2 KB. */
const MAX_PACKED_BYTES = 16_384;

const utf8 = new TextEncoder();

/** Reads lines by the formats of earlier ones, which is faster than to parse each. */
function createReadKnownFormat() {
  const formats = createKnownFormats('"');
  const packed = packedText(new Uint8Array(MAX_PACKED_BYTES));
  return {
    learn: formats.learn,
    read: (text: string): AccessLogFields | null => {
      const { read, written } = utf8.encodeInto(text, packed.bytes);
      const facts = read < text.length ? null : formats.read(packed, 0, written);
      return facts === null ? null : fieldsOf(facts);
    },
  };
}

/** Each line tells by itself which format it is of. */
function readLine(line: string, spelling: SpellingOf, keepsPath: boolean): ReadLine | UnreadableReason {
  if (line.startsWith('{')) return readJsonLine(line, spelling) ?? 'not-json';
  const fields = line.startsWith('<')
    ? readXmlLine(line, spelling)
    : (readClfLine(line, keepsPath) ?? readCsvLine(line, keepsPath) ?? readPairsLine(line, spelling));
  return fields === null ? 'unknown-format' : { fields, isRepaired: false };
}

/**
 * Makes a reader for the lines of one log group, in any of AWS's formats and in pairs, which may be mixed. It parses the first line
 * of a JSON format as JSON and reads the later ones by their fixed text, which is faster; a format is used that way only
 * if its first line comes out the same both ways. With `keepsPath`, all lines are parsed.
 */
export function createReadAccessLogLine({ keepsPath = false }: ReadOptions = {}): ReadAccessLogLine {
  const known = keepsPath ? null : createReadKnownFormat();
  const spelling = keepsPath ? spellingWithPath : spellingOf;
  return (message) => {
    const text = message.trim();
    if (text === '') return 'empty';
    if (text.length > MAX_LINE_LENGTH) return 'too-long';
    const byFormat = known?.read(text) ?? null;
    if (byFormat !== null) return { fields: byFormat, isRepaired: false };
    const line = readLine(text, spelling, keepsPath);
    if (typeof line !== 'string') known?.learn(text, line);
    return line;
  };
}
