import type { ParseSummary } from '#cli/parse/parse-summary.ts';
import { renderPosition } from '#cli/render/position.ts';
import { renderSourceNames } from '#cli/render/source-names.ts';
import { clean } from '#cli/render/terminal.ts';
import { formatAmount, formatCount } from '#shared/domain/findings/format.ts';

function rejectedLines({ rejected }: ParseSummary): string[] {
  return [...rejected]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([
        reason,
        {
          count,
          first: { source: file, ...first },
        },
      ]) => clean(`rejected    ${formatCount(count)} ${reason}, first ${renderPosition({ file, ...first })}`),
    );
}

function joinLines({ joins, unwaitedRequests }: ParseSummary): string[] {
  const { ambiguous, joined, unwaitedStories } = joins;
  const lines: string[] = [];
  if (joined > 0) lines.push(`joined      ${formatAmount(joined, 'request')} of both kinds of lines`);
  if (ambiguous > 0)
    lines.push(
      `ambiguous   ${formatAmount(ambiguous, 'request')} not joined: others have the same id; log $context.extendedRequestId`,
    );
  if (unwaitedStories > 0)
    lines.push(
      `not waited  ${formatAmount(unwaitedStories, 'request')} of execution lines: too many to keep until their access lines came; parse less at once`,
    );
  if (unwaitedRequests > 0)
    lines.push(
      `not waited  ${formatAmount(unwaitedRequests, 'request')} of access lines: written before all execution lines were read; give each kind in files of its own`,
    );
  return lines;
}

/** Says in a few lines what was read and what became of it. */
export function renderParseSummary(summary: ParseSummary): string {
  const { linesRead, written, outsideRange, repaired, incomplete } = summary;
  const lines = [
    `read        ${formatAmount(linesRead, 'line')} of ${renderSourceNames(summary)}: ${formatAmount(written, 'request')}`,
    ...joinLines(summary),
    ...rejectedLines(summary),
  ];
  if (repaired > 0) lines.push(`repaired    ${formatAmount(repaired, 'line')}`);
  if (incomplete > 0)
    lines.push(`incomplete  ${formatAmount(incomplete, 'request')} not told from beginning to end`);
  if (outsideRange > 0)
    lines.push(`skipped     ${formatAmount(outsideRange, 'request')} outside of --since and --until`);
  return `${lines.join('\n')}\n`;
}
