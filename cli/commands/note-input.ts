import { type CommandContext, note } from '#cli/commands/context.ts';
import type { LogGroupReading } from '#cli/input/log-group-source.ts';
import { renderPosition } from '#cli/render/position.ts';
import type { ReplayReport } from '#cli/replay/report.ts';

/** What was read, and what could not be. */
type Input = Pick<ReplayReport['input'], 'files' | 'logGroups' | 'unreadable'>;

function isReadable({ unreadable }: Input, label: string): boolean {
  return !unreadable.some((words) => words.startsWith(`${label}: `));
}

function noteEmpty(input: Input, reading: LogGroupReading | null, context: CommandContext): void {
  for (const { name, lines } of input.files) {
    if (lines === 0 && isReadable(input, name)) note(context, `warning: ${name} has no lines`);
  }
  for (const { name, lines } of input.logGroups) {
    if (reading === null || lines > 0 || !isReadable(input, `log group ${name}`)) continue;
    const { range, region } = reading;
    const [from, to] = [range.fromMs, range.toMs].map((ms) => new Date(ms).toISOString());
    note(context, `warning: log group ${name} in ${region} has no events from ${from} to ${to}`);
  }
}

/**
 * Says what could not be read, and what was empty.
 *
 * @param reading - How log groups were read; `null` if there were none
 */
export function noteSources(input: Input, reading: LogGroupReading | null, context: CommandContext): void {
  for (const problem of input.unreadable) note(context, `error: ${problem}`);
  noteEmpty(input, reading, context);
}

/**
 * Says what went wrong with the input of a replay, and which result it leaves.
 *
 * @param reading - As {@link noteSources} takes it
 */
export function noteInput(
  report: ReplayReport,
  reading: LogGroupReading | null,
  context: CommandContext,
): void {
  const { input, requests } = report;
  noteSources(input, reading, context);
  if (input.executionLines > 0 && requests.total === 0)
    note(context, 'warning: execution logs count no request; gatewatch parse tells what they say of each');
  const [first] = input.firstRejects;
  if (first !== undefined && requests.total === 0 && input.outsideRange === 0) {
    note(
      context,
      `warning: none of the lines is an access-log line that Gatewatch can read, ${renderPosition(first)} is ${first.reason} (docs/log-formats.md)`,
    );
  }
}
