import { createStageNames } from '#cli/render/stage-names.ts';
import { renderTable, roomBefore } from '#cli/render/table.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { hang } from '#cli/render/wrap.ts';
import type { StageLogging } from '#shared/application/survey-logging.ts';
import { formatAmount, formatRps } from '#shared/domain/findings/format.ts';
import type { MissingVariable } from '#shared/domain/logging/judge-format.ts';
import { needsOverrides } from '#shared/domain/logging/logging-change.ts';
import { OVERRIDES_HINT } from '#shared/domain/logging/print-text.ts';

const HEADER = ['type', 'access log', 'execution log', 'X-Ray', 'own limit'];

/** Narrower names say too little, even where the table is too wide then. */
const MIN_NAME = 18;

/** Stages named in a heading; the others are a number. */
const MAX_NAMED = 4;

/**
 * A table of stages whose names get the room that the other cells leave.
 *
 * @param all - Those from which each has to be told, whether or not they have a row
 * @param cells - Those beside the name, for each stage
 * @param total - A last row, where there is one
 * @param right - Columns that are set flush right; the name is column 0
 */
export function stageTable(
  stages: readonly StageLogging[],
  all: readonly StageLogging[],
  cells: { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] },
  layout: { readonly total?: readonly string[]; readonly right: readonly number[]; readonly columns: number },
): string[] {
  const { header, rows } = cells;
  const { total, right, columns } = layout;
  const room = roomBefore([header, ...rows, ...(total === undefined ? [] : [total.slice(1)])], columns);
  const nameOf = createStageNames(all).inColumn(Math.max(MIN_NAME, room));
  const named = stages.map((logging, index) => [nameOf(logging), ...(rows[index] ?? [])]);
  return renderTable(['stage', ...header], total === undefined ? named : [...named, total], {
    right,
    columns,
  });
}

function accessLogWord({ accessLog, logGroupState, format }: StageLogging): string {
  if (accessLog === 'none') return 'none';
  if (accessLog === 'firehose') return 'Firehose';
  if (logGroupState === 'missing') return 'no group';
  if (format?.counted === 'none') return 'unreadable';
  if (format?.counted === 'repaired') return 'repaired';
  const missing = format?.missing.length ?? 0;
  return missing === 0 ? 'complete' : `${missing} missing`;
}

function executionLogWord({ stage }: StageLogging): string {
  if (stage.apiType === 'HTTP') return '-';
  return stage.logsBodies ? `${stage.executionLogLevel}, bodies!` : stage.executionLogLevel;
}

function limitWord({ stage: { limits } }: StageLogging): string {
  return limits === null ? 'none' : `${formatRps(limits.rateRps)} rps`;
}

/** One row for each stage. */
export function stageLines(stages: readonly StageLogging[], { colors, columns }: TextStyle): string[] {
  if (stages.length === 0) return [];
  const rows = stages.map((logging) => [
    logging.stage.apiType,
    accessLogWord(logging),
    executionLogWord(logging),
    logging.stage.apiType === 'REST' ? (logging.stage.tracing ? 'on' : 'off') : '-',
    limitWord(logging),
  ]);
  return [
    `\n${colors.bold('Stages')}`,
    ...stageTable(stages, stages, { header: HEADER, rows }, { right: [], columns }),
  ];
}

function problemsOf({ stage, accessLog, format, change }: StageLogging): string[] {
  const problems: string[] = [];
  if (accessLog === 'none') problems.push('there is no access log, so Gatewatch sees none of its requests');
  if (accessLog === 'firehose')
    problems.push('the access log goes to Firehose, where Gatewatch cannot read it; a stage has only one');
  if (typeof format?.problem === 'string') problems.push(`the access log ${format.problem}`);
  if (change !== null && needsOverrides(change)) problems.push(OVERRIDES_HINT);
  if (stage.logsBodies)
    problems.push(
      'the execution log holds headers and bodies, so personal data and secrets: turn data tracing off',
    );
  if (stage.executionLogLevel === 'INFO')
    problems.push(
      'the execution log is at INFO, which is many lines a request; ERROR is enough for Gatewatch',
    );
  return problems;
}

function headingOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** Stages with one problem are told together. */
function problemWords(problem: string, names: readonly string[]): string {
  return names.length === 1
    ? `${names[0]}: ${problem}`
    : `${formatAmount(names.length, 'stage')}: ${problem}: ${headingOf(names)}`;
}

/** What is wrong with stages, other than single variables. */
export function problemLines(stages: readonly StageLogging[], { colors, columns }: TextStyle): string[] {
  const { inFull } = createStageNames(stages);
  const groups = new Map<string, string[]>();
  for (const logging of stages)
    for (const problem of problemsOf(logging))
      groups.set(problem, [...(groups.get(problem) ?? []), inFull(logging)]);
  const lines = [...groups].flatMap(([problem, names]) => hang('! ', problemWords(problem, names), columns));
  return lines.length === 0 ? [] : [`\n${colors.bold('Problems')}`, ...lines];
}

/** Variables whose lack costs the same stand together. */
function byLoss(missing: readonly MissingVariable[]): [loss: string, variables: string][] {
  const groups = new Map<string, string[]>();
  for (const { variable, isUnread, loss } of missing) {
    const words = isUnread ? `${loss} (it is logged, but under a key that is not known)` : loss;
    groups.set(words, [...(groups.get(words) ?? []), variable]);
  }
  return [...groups].map(([loss, variables]) => [loss, variables.join(', ')]);
}

/** Stages that lack the same. */
type Lack = { readonly names: string[]; readonly losses: readonly [loss: string, variables: string][] };

function groupByLack(stages: readonly StageLogging[]): Lack[] {
  const { inFull } = createStageNames(stages);
  const groups = new Map<string, Lack>();
  for (const logging of stages) {
    const missing = logging.format?.missing ?? [];
    if (missing.length === 0) continue;
    const key = JSON.stringify(missing);
    const group = groups.get(key) ?? { names: [], losses: byLoss(missing) };
    group.names.push(inFull(logging));
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Which variables the access logs lack; stages that lack the same are told together. */
export function missingLines(stages: readonly StageLogging[], { colors, columns }: TextStyle): string[] {
  const groups = groupByLack(stages);
  if (groups.length === 0) return [];
  const width = Math.max(...groups.flatMap(({ losses }) => losses.map(([, variables]) => variables.length)));
  const lines = groups.flatMap(({ names, losses }) => [
    ...hang('', headingOf(names), columns),
    ...losses.flatMap(([loss, variables]) => hang(`  ${variables.padEnd(width)}  `, loss, columns)),
  ]);
  return [
    `\n${colors.bold('Missing in access logs: $context variables, and what is lost without')}`,
    ...lines,
  ];
}
