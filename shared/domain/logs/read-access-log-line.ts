import { fieldsOf } from '#shared/domain/logs/access-log-facts.ts';
import { type AccessLogFields, readAccessLogFields } from '#shared/domain/logs/access-log-fields.ts';
import { createKnownFormats } from '#shared/domain/logs/known-formats.ts';
import { packedText } from '#shared/domain/logs/packed-text.ts';

/** Why a line has no fields. */
export type UnreadableReason = 'empty' | 'too-long' | 'not-json';

/** Reads the facts of one access-log line. */
export type ReadAccessLogLine = (message: string) => AccessLogFields | UnreadableReason;

/**
 * The longest line that is read, in UTF-16 code units. CloudWatch Logs takes events of at most 1 MB.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html}
 */
export const MAX_LINE_LENGTH = 1_048_576;

/** Longer lines are not read by their format. Real ones have less than 2 KB. */
const MAX_PACKED_BYTES = 16_384;

const utf8 = new TextEncoder();

/**
 * A value without quotes that API Gateway wrote `-` for, which is no JSON. Just the requests that never reached the
 * backend have one: `"integrationLatency":-`. Texts are matched first and to the end, so that what stands in them is
 * left alone and nothing is looked at twice.
 */
const TEXT_OR_BARE_DASH = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|(:\s*)-(?=\s*[,}])/g;

function replaceBareDashes(text: string): string {
  return text.replace(TEXT_OR_BARE_DASH, (match, colon?: string) =>
    colon === undefined ? match : `${colon}null`,
  );
}

function parseJson(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}

function parseObject(text: string): object | null {
  if (!text.startsWith('{')) return null;
  return parseJson(text) ?? parseJson(replaceBareDashes(text));
}

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

/**
 * Makes a reader for the lines of one log group. It parses the first line of a format as JSON and reads the later
 * ones by their fixed text, which is faster; a format is used that way only if its first line comes out the
 * same both ways.
 */
export function createReadAccessLogLine(): ReadAccessLogLine {
  const known = createReadKnownFormat();
  return (message) => {
    const text = message.trim();
    if (text === '') return 'empty';
    if (text.length > MAX_LINE_LENGTH) return 'too-long';
    const byFormat = known.read(text);
    if (byFormat !== null) return byFormat;
    const line = parseObject(text);
    if (line === null) return 'not-json';
    const fields = readAccessLogFields(line);
    known.learn(text, fields);
    return fields;
  };
}
