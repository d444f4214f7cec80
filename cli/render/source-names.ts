import { STDIN } from '#cli/input/find-log-files.ts';
import { clean } from '#cli/render/terminal.ts';
import type { ReplayReport } from '#cli/replay/report.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

/** More names than that make a line of which nobody finds the end. */
const MAX_NAMES = 3;

/** Where lines were read from: by name, or how many files and log groups where they are many. */
export function renderSourceNames({
  files,
  logGroups,
}: Pick<ReplayReport['input'], 'files' | 'logGroups'>): string {
  if (files.length + logGroups.length <= MAX_NAMES) {
    return [...files, ...logGroups]
      .map(({ name }) => (name === STDIN ? 'standard input' : clean(name)))
      .join(', ');
  }
  return [
    ...(files.length > 0 ? [formatAmount(files.length, 'file')] : []),
    ...(logGroups.length > 0 ? [formatAmount(logGroups.length, 'log group')] : []),
  ].join(' and ');
}
