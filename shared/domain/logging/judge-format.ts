import {
  type FormatNeed,
  IDENTITY_NEEDS,
  OTHER_NEEDS,
  STATUS_NEED,
} from '#shared/domain/logging/format-needs.ts';
import { renderFormat, variablesOf } from '#shared/domain/logging/render-format.ts';
import type { AccessLogFields } from '#shared/domain/logs/access-log-fields.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/read-access-log-line.ts';
import type { ApiType } from '#shared/domain/logs/request.ts';

/** A variable that a format should have; `isUnread`: it has it, under a key that Gatewatch does not know. */
export type MissingVariable = {
  readonly variable: string;
  readonly isUnread: boolean;
  readonly loss: string;
};

/**
 * What Gatewatch gets out of a stage's access log. `counted`: `all` requests, as far as the format can tell; `none`; or
 * all but those that API Gateway itself refuses or fails, whose lines are broken by the quotes that
 * `$context.error.messageString` brings. A text with a quote in it, such as an error's, breaks a line of any format
 * unless API Gateway escapes it, which AWS does not document.
 */
export type FormatJudgement = {
  readonly counted: 'all' | 'none' | 'all-but-failures';
  /** Why it is not all; `null` if it is. */
  readonly problem: string | null;
  readonly missing: readonly MissingVariable[];
};

const NOT_READ = 'is not JSON that Gatewatch reads: no request is counted';
const BREAKS =
  'has $context.error.messageString in quotes, and it brings its own: no request that API Gateway itself refuses or fails is counted';

/** These can stand without quotes; API Gateway writes digits for them. */
const NUMERIC =
  /(?:^|\.)(?:status|latency|accountId|integrationStatus|integrationLatency|responseLength|responseLatency|requestTimeEpoch|dataProcessed|connectedAt|timeToAllHeaders|timeToFirstContent)$/i;

/** Values to find again: no two variables have the same, but for a boolean that no fact is taken from. */
function createProbe(format: string): (variable: string) => string {
  const variables = variablesOf(format);
  return (variable) => {
    if (variable === 'isCanaryRequest') return 'true';
    const number = String(1_000 + variables.indexOf(variable));
    return NUMERIC.test(variable) ? number : `v${number}`;
  };
}

function readFields(format: string, valueFor: (variable: string) => string): AccessLogFields | null {
  const fields = createReadAccessLogLine()(renderFormat(format, valueFor));
  return typeof fields === 'string' ? null : fields;
}

function isRead(need: FormatNeed, fields: AccessLogFields, valueFor: (variable: string) => string): boolean {
  const values = need.variables.map(valueFor);
  return need.fields.some((field) => values.includes(fields[field] ?? ''));
}

function lossOf(need: FormatNeed, writers: number): string {
  if (!IDENTITY_NEEDS.includes(need)) return need.loss;
  return writers === 1
    ? `${need.loss}; its log group tells, while no other stage writes to it`
    : `${need.loss}: ${writers} stages write to its log group`;
}

/**
 * Says what Gatewatch would get out of a format, by filling it in and reading the line as the pipeline does.
 *
 * @param writers - How many stages write to the log group, this one among them
 */
export function judgeFormat(format: string, apiType: ApiType, writers: number): FormatJudgement {
  const probe = createProbe(format);
  const quoted = (variable: string): string =>
    variable === 'error.messageString' ? `"${probe(variable)}"` : probe(variable);
  const fields = readFields(format, quoted);
  const known = fields ?? readFields(format, probe);
  if (known === null) return { counted: 'none', problem: NOT_READ, missing: [] };
  const present = new Set(variablesOf(format));
  const missing = [STATUS_NEED, ...IDENTITY_NEEDS, ...OTHER_NEEDS]
    .filter((need) => need.apiTypes.includes(apiType) && !isRead(need, known, probe))
    .map((need) => ({
      variable: need.variables[0],
      isUnread: need.variables.some((variable) => present.has(variable)),
      loss: lossOf(need, writers),
    }));
  if (missing.some(({ variable }) => variable === 'status')) {
    return { counted: 'none', problem: 'has no status that Gatewatch reads: no request is counted', missing };
  }
  if (fields === null) return { counted: 'all-but-failures', problem: BREAKS, missing };
  return { counted: 'all', problem: null, missing };
}
