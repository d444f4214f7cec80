import { parseTime } from '#shared/domain/logs/access/parse-time.ts';

/** A line without what an export put before it, and the time that this was; `null` without. */
export type ExportedLine = { readonly text: string; readonly timeMs: number | null };

const IP_ADDRESS = String.raw`\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{2,41}`;

/** How a line of an access log begins: JSON, XML, CLF and CSV, also with the extended request id first, and pairs. */
const ACCESS_LINE = String.raw`[{<]|(?:${IP_ADDRESS}|[\w+/-]{1,127}=)[ ,]|[A-Za-z][\w.]{0,99}: `;

/** The time, with AWS's command line tool also the log stream, before a line of an access log. */
const PREFIX = new RegExp(
  String.raw`^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)[ \t]{1,8}(?:[0-9a-f]{32}[ \t]{1,8})?(?=${ACCESS_LINE})`,
);

/**
 * Takes the time off a line of an access log that was exported to S3 or printed by `aws logs tail`. Lines of execution
 * logs keep theirs: it is part of their form.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html}
 */
export function splitExportedLine(line: string): ExportedLine {
  const [prefix, time] = PREFIX.exec(line) ?? [];
  if (prefix === undefined || time === undefined) return { text: line, timeMs: null };
  return { text: line.slice(prefix.length), timeMs: parseTime(time) };
}
