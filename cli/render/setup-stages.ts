import type { TextStyle } from '#cli/render/replay-text.ts';
import { renderTable } from '#cli/render/table.ts';
import { clean } from '#cli/render/terminal.ts';
import { hang } from '#cli/render/wrap.ts';
import type { StageLogging } from '#shared/application/survey-logging.ts';
import { formatRps } from '#shared/domain/findings/format.ts';
import type { MissingVariable } from '#shared/domain/logging/judge-format.ts';

const HEADER = ['stage', 'type', 'access log', 'execution log', 'X-Ray', 'own limit'];

/** What the columns beside the name take: the widest of each, and the gaps. */
const OTHER_COLUMNS = 62;
const MIN_NAME = 18;

/** Stages named in a heading; the others are a number. */
const MAX_NAMED = 4;

/** Shortens a text that would not fit. */
function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** `orders-api/prod`, safe for a terminal, at most as long as a column for names is. */
export function nameOf({ stage }: StageLogging, columns: number): string {
  return cut(clean(`${stage.apiName}/${stage.stage}`), Math.max(MIN_NAME, columns - OTHER_COLUMNS));
}

function accessLogWord({ accessLog, format }: StageLogging): string {
  if (accessLog === 'none') return 'none';
  if (accessLog === 'firehose') return 'Firehose';
  if (format?.counted === 'none') return 'unreadable';
  if (format?.counted === 'all-but-failures') return 'breaks';
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
  const rows = stages.map((logging) => [
    nameOf(logging, columns),
    logging.stage.apiType,
    accessLogWord(logging),
    executionLogWord(logging),
    logging.stage.apiType === 'REST' ? (logging.stage.tracing ? 'on' : 'off') : '-',
    limitWord(logging),
  ]);
  return [`\n${colors.bold('Stages')}`, ...renderTable(HEADER, rows, { right: [], columns })];
}

function problemsOf({ stage, accessLog, format }: StageLogging): string[] {
  const problems: string[] = [];
  if (accessLog === 'none') problems.push('there is no access log, so Gatewatch sees none of its requests');
  if (accessLog === 'firehose')
    problems.push('the access log goes to Firehose, where Gatewatch cannot read it; a stage has only one');
  if (typeof format?.problem === 'string') problems.push(`the access log ${format.problem}`);
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

/** What is wrong with stages, other than single variables. */
export function problemLines(stages: readonly StageLogging[], { colors, columns }: TextStyle): string[] {
  const lines = stages.flatMap((logging) =>
    problemsOf(logging).flatMap((problem) => hang('! ', `${nameOf(logging, columns)}: ${problem}`, columns)),
  );
  return lines.length === 0 ? [] : [`\n${colors.bold('Problems')}`, ...lines];
}

function headingOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** Variables whose lack costs the same stand together. */
function byLoss(missing: readonly MissingVariable[]): [loss: string, variables: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { variable, isUnread, loss } of missing) {
    const words = isUnread ? `${loss} (it is logged, but under a key that is not known)` : loss;
    groups.set(words, [...(groups.get(words) ?? []), variable]);
  }
  return [...groups];
}

/** Which variables the access logs lack; stages that lack the same are told together. */
export function missingLines(stages: readonly StageLogging[], { colors, columns }: TextStyle): string[] {
  const groups = new Map<string, { readonly logging: StageLogging; readonly names: string[] }>();
  for (const logging of stages) {
    const missing = logging.format?.missing ?? [];
    if (missing.length === 0) continue;
    const key = JSON.stringify(missing);
    const group = groups.get(key) ?? { logging, names: [] };
    group.names.push(nameOf(logging, columns));
    groups.set(key, group);
  }
  if (groups.size === 0) return [];
  const lines = [...groups.values()].flatMap(({ logging, names }) => [
    ...hang('', headingOf(names), columns),
    ...byLoss(logging.format?.missing ?? []).flatMap(([loss, variables]) =>
      hang(`  ${variables.join(', ').padEnd(26)}  `, loss, columns),
    ),
  ]);
  return [
    `\n${colors.bold('Missing in access logs: $context variables, and what is lost without')}`,
    ...lines,
  ];
}
