import type { AlarmChange, AlarmMetric } from '#shared/domain/alarms/alarm-change.ts';

/** Which alarms are somebody's wish, and which are Gatewatch's own. */
export type AlarmChoice = {
  /** The names of Gatewatch's own alarms begin with it and a hyphen. */
  readonly stackName: string;
  /** Names of alarms to listen to whatever they look at; `*` stands for any characters. */
  readonly names: readonly string[];
};

const NAMESPACES: ReadonlySet<string> = new Set(['AWS/ApiGateway', 'Gatewatch']);

/** An expression, such as a query of Metrics Insights, that names a namespace of these. */
const NAMES_ONE_OF_THEM = /(?<![\w./-])(?:AWS\/ApiGateway|Gatewatch)(?![\w./-])/;

/** Metrics with the dimension `Function` are about Gatewatch's functions. */
const NAMES_OUR_FUNCTIONS = /(?<![\w./-])Gatewatch(?![\w./-]).*\bFunction\b/s;

function isAboutOurFunctions({ namespace, dimensions }: AlarmMetric): boolean {
  return namespace === 'Gatewatch' && 'Function' in dimensions;
}

function matches(pattern: string, name: string): boolean {
  const literals = pattern.split('*').map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`, 's').test(name);
}

/**
 * What is wrong with Gatewatch itself must not depend on Gatewatch's code: its alarms go straight to the topic, and would
 * otherwise be told twice.
 */
function isOurOwn({ name, metrics, expressions }: AlarmChange, stackName: string): boolean {
  return (
    name.startsWith(`${stackName}-`) ||
    metrics.some(isAboutOurFunctions) ||
    expressions.some(({ expression }) => NAMES_OUR_FUNCTIONS.test(expression))
  );
}

/**
 * True for an alarm that is about API Gateway or made of Gatewatch's metrics, and for one whose name is on the list; never
 * for Gatewatch's own. A composite alarm has no metric: only its name can tell.
 */
export function concernsUs(change: AlarmChange, { stackName, names }: AlarmChoice): boolean {
  if (isOurOwn(change, stackName)) return false;
  return (
    change.metrics.some(({ namespace }) => NAMESPACES.has(namespace)) ||
    change.expressions.some(({ expression }) => NAMES_ONE_OF_THEM.test(expression)) ||
    names.some((pattern) => matches(pattern, change.name))
  );
}
