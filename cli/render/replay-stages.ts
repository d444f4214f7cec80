import { renderTable, roomBefore } from '#cli/render/table.ts';
import { clean } from '#cli/render/terminal.ts';
import { heading, type TextStyle } from '#cli/render/text-style.ts';
import type { ReplayReport, StageReport } from '#cli/replay/report.ts';
import { CAUSES, type CauseSlug } from '#shared/domain/causes/causes.ts';
import { formatCount, formatMs } from '#shared/domain/findings/format.ts';

const MAX_STAGES = 20;

/** Of all columns but the last, which takes what room they leave. */
const HEADER = ['stage', 'requests', '4xx', '5xx', 'p50', 'p90', 'p99'];

/** What a narrow terminal can do without. */
const DISPENSABLE: ReadonlySet<string> = new Set(['p50', 'p90']);

/** A cause with its count: `integration.malformed-response 1,234`, say. */
const ENOUGH_ROOM = 32;

function isClientsFault(cause: string): boolean {
  return Object.hasOwn(CAUSES, cause) && CAUSES[cause as CauseSlug].side === 'client';
}

/** What somebody here has to act on comes before what clients did, however often they did it. */
function topCauses(byCause: StageReport['byCause']): string[] {
  return Object.entries(byCause)
    .sort(([a], [b]) => Number(isClientsFault(a)) - Number(isClientsFault(b)))
    .slice(0, 3)
    .map(([cause, count]) => `${cause} ${formatCount(count)}`);
}

/** As many as there is room for, and the first in any case: half a cause without its count says nothing. */
function fitCauses(causes: readonly string[], room: number): string {
  for (let shown = causes.length; shown > 1; shown -= 1) {
    const text = [...causes.slice(0, shown), ...(shown < causes.length ? ['…'] : [])].join(', ');
    if (text.length <= room) return text;
  }
  return causes.length > 1 ? `${causes[0]}, …` : (causes[0] ?? '');
}

/** What execution logs add, for the stages that have them. */
function executionLines(stages: readonly StageReport[]): string[] {
  return stages.flatMap(({ apiName, stage, executionCauses, logsBodies }) => {
    const causes = topCauses(executionCauses).join(', ');
    const parts = [causes, logsBodies ? 'bodies are logged' : ''].filter((part) => part !== '');
    return parts.length === 0
      ? []
      : [`${clean(apiName)}/${clean(stage)} by execution logs: ${parts.join(' · ')}`];
  });
}

/** The table of stages, the busiest first, and what execution logs add. */
export function stageLines({ stages }: ReplayReport, style: TextStyle): string[] {
  if (stages.length === 0) return [heading('Stages', style), 'none'];
  const shown = stages.slice(0, MAX_STAGES);
  const numbers = shown.map((stage) => [
    `${clean(stage.apiName)}/${clean(stage.stage)}`,
    formatCount(stage.requests),
    formatCount(stage.clientErrors),
    formatCount(stage.serverErrors),
    ...[stage.latencyMs?.p50, stage.latencyMs?.p90, stage.latencyMs?.p99].map((ms) =>
      ms === undefined ? '-' : formatMs(ms),
    ),
  ]);
  const isNarrow = roomBefore([HEADER, ...numbers], style.columns) < ENOUGH_ROOM;
  const isShown = (_: string, column: number): boolean =>
    !(isNarrow && DISPENSABLE.has(HEADER[column] ?? ''));
  const header = HEADER.filter(isShown);
  const cells = numbers.map((row) => row.filter(isShown));
  const room = roomBefore([header, ...cells], style.columns);
  const rows = shown.map(({ byCause }, index) => [
    ...(cells[index] ?? []),
    fitCauses(topCauses(byCause), room),
  ]);
  const right = header.flatMap((_, column) => (column === 0 ? [] : [column]));
  const table = renderTable([...header, 'causes'], rows, { right, columns: style.columns });
  const more = stages.length > MAX_STAGES ? [`${stages.length - MAX_STAGES} more stages in --json`] : [];
  return [heading('Stages', style), ...table, ...more, ...executionLines(shown)];
}
