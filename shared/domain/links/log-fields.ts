import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

/** Variables of an access log by which requests are found and told. */
const VARIABLES = {
  status: ['status'],
  apiId: ['apiId'],
  stage: ['stage'],
  route: ['resourcePath', 'routeKey'],
  requestId: ['requestId'],
  method: ['httpMethod'],
  errorType: ['error.responseType'],
  integrationStatus: ['integration.status', 'integrationStatus', 'integration.integrationStatus'],
  integrationError: ['integration.error', 'integrationErrorMessage'],
  latency: ['responseLatency'],
  integrationLatency: ['integration.latency', 'integrationLatency'],
} as const;

/** What a request can be found by. */
export type LogFact = keyof typeof VARIABLES;

/** How Logs Insights calls the facts of a stage's access log; what the log does not have is absent. */
export type LogFields = Readonly<Partial<Record<LogFact, string>>>;

/** A variable that stands without quotes. */
const BARE = /([:[,]\s*)(\$context\.[\w.]+)(?=\s*[,}\]])/g;

function parseFormat(format: string): unknown {
  try {
    return JSON.parse(format.replace(BARE, '$1"$2"'));
  } catch {
    return null;
  }
}

/**
 * Names with other characters stand in backticks; there is no way to write a backtick in one.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html}
 */
function quoteName(path: string): string | null {
  if (/^[A-Za-z][\w.]*$/.test(path)) return path;
  return /^[ -_a-~]+$/.test(path) ? `\`${path}\`` : null;
}

function collect(value: unknown, path: readonly string[], found: Map<string, string>): void {
  if (typeof value === 'string' && value.startsWith('$context.')) {
    const name = quoteName(path.join('.'));
    const variable = value.slice('$context.'.length);
    if (name !== null && !found.has(variable)) found.set(variable, name);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, entry] of Object.entries(value)) collect(entry, [...path, key], found);
  }
}

/**
 * Finds the names that Logs Insights gives to the facts of a stage's access log: those of its own format, else those of
 * the format that docs/log-formats.md recommends.
 *
 * @returns `null` for a format that is no JSON: Logs Insights finds no fields in it
 */
export function logFieldsOf({
  format,
  apiType,
}: Pick<InventoryItem, 'format' | 'apiType'>): LogFields | null {
  const parsed = parseFormat(format ?? RECOMMENDED_FORMATS[apiType]);
  if (typeof parsed !== 'object' || parsed === null) return null;
  const found = new Map<string, string>();
  collect(parsed, [], found);
  const fields: Partial<Record<LogFact, string>> = {};
  for (const [fact, variables] of Object.entries(VARIABLES) as [LogFact, readonly string[]][]) {
    const name = variables.map((variable) => found.get(variable)).find((known) => known !== undefined);
    if (name !== undefined) fields[fact] = name;
  }
  return fields;
}
