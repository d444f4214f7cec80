import {
  type FormatNeed,
  IDENTITY_NEEDS,
  OTHER_NEEDS,
  STATUS_NEED,
} from '#shared/domain/logging/format-needs.ts';
import { renderFormat, variablesOf } from '#shared/domain/logging/render-format.ts';
import type { AccessLogFields, ReadLine } from '#shared/domain/logs/access/access-log-fields.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import type { ApiType } from '#shared/domain/logs/access/request.ts';

/** A variable that a format should have; `isUnread`: it has it, under a key that Gatewatch does not know. */
export type MissingVariable = {
  readonly variable: string;
  readonly isUnread: boolean;
  readonly loss: string;
};

/**
 * What Gatewatch gets out of a stage's access log. `counted`: `all` requests, as far as the format can tell; `none`; or
 * `repaired`: all, but some lines are no JSON and are read only as far as that is certain. A text with a quote in it, such
 * as an error's, makes such a line of any format unless API Gateway escapes it, which AWS does not document.
 */
export type FormatJudgement = {
  readonly counted: 'all' | 'none' | 'repaired';
  /** Why it is not all; `null` if it is. */
  readonly problem: string | null;
  readonly missing: readonly MissingVariable[];
};

const NOT_READ = 'is in no format that Gatewatch reads: no request is counted';
const NOT_QUITE_JSON =
  'is almost JSON: its lines have to be repaired, and what could be read two ways is lost';
const BREAKS =
  'has $context.error.messageString in quotes, and it brings its own: the lines of requests that API Gateway itself refuses or fails are no JSON, and have to be repaired';

/** These can stand without quotes; API Gateway writes digits for them. */
const NUMERIC =
  /(?:^|\.)(?:latency|accountId|integrationLatency|responseLength|responseLatency|requestTimeEpoch|dataProcessed|connectedAt|timeToAllHeaders|timeToFirstContent)$/i;
const STATUS = /(?:^|\.)(?:status|integrationStatus)$/i;

/** CLF and CSV are known by what values look like. */
const SHAPED: Readonly<Record<string, (unique: string, apiType: ApiType) => string>> = {
  requestId: (unique) => `${unique}=`,
  extendedRequestId: (unique) => `${unique}=`,
  connectionId: (unique) => `${unique}=`,
  requestTime: () => '15/Jun/2026:14:03:22 +0000',
  httpMethod: () => 'GET',
  protocol: () => 'HTTP/1.1',
  eventType: () => 'MESSAGE',
  path: (unique) => `/${unique}`,
  resourcePath: (unique) => `/${unique}`,
  routeKey: (unique, apiType) => (apiType === 'WEBSOCKET' ? unique : `GET /${unique}`),
  // No fact is taken from it, and it stands without quotes as well.
  isCanaryRequest: () => 'true',
};

/** Values to find again: no two variables that a fact is taken from have the same. */
function createProbe(format: string, apiType: ApiType): (variable: string) => string {
  const variables = variablesOf(format);
  return (variable) => {
    const index = variables.indexOf(variable);
    if (STATUS.test(variable)) return String(200 + index);
    const number = String(1_000 + index);
    return NUMERIC.test(variable) ? number : (SHAPED[variable]?.(`v${number}`, apiType) ?? `v${number}`);
  };
}

function readLine(format: string, valueFor: (variable: string) => string): ReadLine | null {
  const line = createReadAccessLogLine()(renderFormat(format, valueFor));
  return typeof line === 'string' ? null : line;
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
  const probe = createProbe(format, apiType);
  const quoted = (variable: string): string =>
    variable === 'error.messageString' ? `"${probe(variable)}"` : probe(variable);
  const line = readLine(format, quoted);
  if (line === null) return { counted: 'none', problem: NOT_READ, missing: [] };
  const present = new Set(variablesOf(format));
  const missing = [STATUS_NEED, ...IDENTITY_NEEDS, ...OTHER_NEEDS]
    .filter((need) => need.apiTypes.includes(apiType) && !isRead(need, line.fields, probe))
    .map((need) => ({
      variable: need.variables[0],
      isUnread: need.variables.some((variable) => present.has(variable)),
      loss: lossOf(need, writers),
    }));
  if (missing.some(({ variable }) => variable === 'status')) {
    return { counted: 'none', problem: 'has no status that Gatewatch reads: no request is counted', missing };
  }
  if (!line.isRepaired) return { counted: 'all', problem: null, missing };
  const problem = readLine(format, probe)?.isRepaired === false ? BREAKS : NOT_QUITE_JSON;
  return { counted: 'repaired', problem, missing };
}
