import { type CommandContext, note } from '#cli/commands/context.ts';
import type { LogGroupReading } from '#cli/input/log-group-source.ts';
import { renderPosition } from '#cli/render/position.ts';
import type { ReplayReport } from '#cli/replay/report.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

function isReadable({ input }: ReplayReport, label: string): boolean {
  return !input.unreadable.some((words) => words.startsWith(`${label}: `));
}

function noteEmpty(report: ReplayReport, reading: LogGroupReading | null, context: CommandContext): void {
  for (const { name, lines } of report.input.files) {
    if (lines === 0 && isReadable(report, name)) note(context, `warning: ${name} has no lines`);
  }
  for (const { name, lines } of report.input.logGroups) {
    if (reading === null || lines > 0 || !isReadable(report, `log group ${name}`)) continue;
    const { range, region } = reading;
    const [from, to] = [range.fromMs, range.toMs].map((ms) => new Date(ms).toISOString());
    note(context, `warning: log group ${name} in ${region} has no events from ${from} to ${to}`);
  }
}

/**
 * Says what went wrong with the input, and which result it leaves.
 *
 * @param reading - How log groups were read; `null` if there were none
 */
export function noteInput(
  report: ReplayReport,
  reading: LogGroupReading | null,
  context: CommandContext,
): void {
  const { input, requests } = report;
  for (const problem of input.unreadable) note(context, `error: ${problem}`);
  noteEmpty(report, reading, context);
  if (input.executionLines > 0) {
    note(context, `execution logs: ${formatAmount(input.executionLines, 'line')}, use gatewatch parse`);
  }
  const [first] = input.firstRejects;
  if (first !== undefined && requests.total === 0 && input.outsideRange === 0) {
    note(
      context,
      `warning: none of the lines is an access-log line that Gatewatch can read, ${renderPosition(first)} is ${first.reason} (docs/log-formats.md)`,
    );
  }
}
