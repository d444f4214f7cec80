import { type AccessLogFields, readAccessLogFields } from '#shared/domain/logs/access-log-fields.ts';
import { type LineTemplate, learnTemplate, readByTemplate } from '#shared/domain/logs/line-template.ts';

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

/** A log group holds the lines of few formats, one per stage that writes to it. */
const MAX_TEMPLATES = 8;

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

function isSame(a: AccessLogFields, b: AccessLogFields | null): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b ?? {}).sort());
}

/**
 * Makes a reader for the lines of one log group. It parses the first line of a format as JSON and reads the later
 * ones by their fixed text, which is faster; a format is used that way only if its first line comes out the
 * same both ways.
 */
export function createReadAccessLogLine(): ReadAccessLogLine {
  const templates: LineTemplate[] = [];

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

  return (message) => {
    const text = message.trim();
    if (text === '') return 'empty';
    if (text.length > MAX_LINE_LENGTH) return 'too-long';
    const known = byTemplate(text);
    if (known !== null) return known;
    const line = parseObject(text);
    if (line === null) return 'not-json';
    const fields = readAccessLogFields(line);
    const template = templates.length < MAX_TEMPLATES ? learnTemplate(text) : null;
    if (template !== null && isSame(fields, readByTemplate(template, text))) templates.unshift(template);
    return fields;
  };
}
