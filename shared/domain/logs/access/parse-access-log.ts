import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import { classifyCause } from '#shared/domain/causes/classify-cause.ts';
import {
  type AccessLogFacts,
  digitsOf,
  factsOf,
  fieldsOf,
  textOf,
} from '#shared/domain/logs/access/access-log-facts.ts';
import type {
  AccessLogField,
  AccessLogFields,
  ReadLine,
} from '#shared/domain/logs/access/access-log-fields.ts';
import { epochToMs, parseTime } from '#shared/domain/logs/access/parse-time.ts';
import type { ReadAccessLogLine, UnreadableReason } from '#shared/domain/logs/access/read-access-log-line.ts';
import type { ApiRequest, ApiType, CountedRequest } from '#shared/domain/logs/access/request.ts';

/** Why a line could not be counted as a request. */
export type RejectReason =
  | UnreadableReason
  | 'not-access-log'
  | 'no-status'
  | 'no-time'
  | 'too-old'
  | 'too-new';

/**
 * A parsed line, or the reason why it is none. Nothing of the line's text is in the reason. `isRepaired`: the line was not
 * as it should be, and is read as far as that is certain.
 */
export type ParsedLine =
  | { readonly ok: true; readonly request: ApiRequest; readonly isRepaired: boolean }
  | { readonly ok: false; readonly reason: RejectReason };

/** What `$context.apiId` and `$context.stage` can hold; anything else is not taken for an identity. */
const API_ID = /^[A-Za-z0-9]{1,64}$/;
const METHOD = /^[A-Z]{1,16}$/;
const ROUTE_METHOD = /^([A-Z]{1,16}) \//;
const STAGE = /^(\$default|[A-Za-z0-9_-]{1,128})$/;

const DECIMAL = /^\d{1,15}\.\d{1,9}$/;

/** A count or a time, which may have decimals. */
function numberOf(facts: AccessLogFacts, field: AccessLogField): number | null {
  const digits = digitsOf(facts, field);
  if (digits !== null) return digits;
  const text = textOf(facts, field);
  return text !== undefined && DECIMAL.test(text) ? Number(text) : null;
}

function statusOf(facts: AccessLogFacts, field: AccessLogField): number | null {
  const status = digitsOf(facts, field);
  return status !== null && status >= 100 && status <= 599 ? status : null;
}

function timeOf(facts: AccessLogFacts): number | null {
  const digits = digitsOf(facts, 'time');
  if (digits !== null) return epochToMs(digits);
  const text = textOf(facts, 'time');
  return text === undefined ? null : parseTime(text);
}

function matching(text: string | undefined, pattern: RegExp): string | null {
  return text !== undefined && pattern.test(text) ? text : null;
}

function apiTypeOf(fields: AccessLogFields): ApiType | null {
  if (fields.eventType !== undefined || fields.connectionId !== undefined) return 'WEBSOCKET';
  // All that tells the kind where a connection was refused. No HTTP API has such routes.
  if (fields.routeKey === '$connect' || fields.routeKey === '$disconnect') return 'WEBSOCKET';
  if (fields.routeKey !== undefined) return 'HTTP';
  return fields.resourcePath === undefined ? null : 'REST';
}

function methodOf({ httpMethod, routeKey }: AccessLogFields): string | null {
  if (httpMethod !== undefined) return matching(httpMethod, METHOD);
  const [, routeMethod = 'ANY'] = ROUTE_METHOD.exec(routeKey ?? '') ?? [];
  return routeMethod === 'ANY' ? null : routeMethod;
}

function routeOf(fields: AccessLogFields): string | null {
  const template = fields.routeKey ?? fields.resourcePath;
  if (template === undefined) return null;
  // An HTTP API's routeKey carries its method already ("GET /pets"); `$default` and WebSocket routes have none.
  return template.startsWith('/') && fields.httpMethod !== undefined
    ? `${fields.httpMethod} ${template}`
    : template;
}

/** Why no request can be made of facts without a status. */
function withoutStatus(facts: AccessLogFacts): RejectReason {
  const isKnown = (['requestId', 'extendedRequestId', 'httpMethod', 'routeKey'] as const).some(
    (field) => textOf(facts, field) !== undefined,
  );
  return isKnown ? 'no-status' : 'not-access-log';
}

function causeOf(facts: AccessLogFacts, status: number): CauseSlug | null {
  if (status < 400) return null;
  return classifyCause({
    ...fieldsOf(facts),
    status,
    integrationStatus: statusOf(facts, 'integrationStatus'),
  });
}

/**
 * Makes of a line's facts what is counted. The request's own time is used; without one, the time of the log event.
 *
 * @param eventTimeMs - Timestamp of the log event in epoch milliseconds; 0 when there is none
 */
export function toCountedRequest(facts: AccessLogFacts, eventTimeMs: number): CountedRequest | RejectReason {
  const status = statusOf(facts, 'status');
  if (status === null) return withoutStatus(facts);
  const timeMs = timeOf(facts) ?? eventTimeMs;
  if (!(timeMs > 0)) return 'no-time';
  return {
    apiId: matching(textOf(facts, 'apiId'), API_ID),
    stage: matching(textOf(facts, 'stage'), STAGE),
    timeMs,
    status,
    responseLatencyMs: numberOf(facts, 'responseLatency'),
    integrationLatencyMs: numberOf(facts, 'integrationLatency'),
    cause: causeOf(facts, status),
  };
}

/**
 * Makes a request of a line that was read. For those who need facts that a request has no place for, such as the error's
 * message: they go no further than the machine of whoever reads the log.
 *
 * @param eventTimeMs - Timestamp of the log event in epoch milliseconds; 0 when there is none
 */
export function parseFields(line: ReadLine, eventTimeMs: number): ParsedLine {
  const { fields, isRepaired } = line;
  const facts = factsOf(line);
  const counted = toCountedRequest(facts, eventTimeMs);
  if (typeof counted === 'string') return { ok: false, reason: counted };
  const request = {
    ...counted,
    requestId: fields.requestId ?? null,
    extendedRequestId: fields.extendedRequestId ?? null,
    apiType: apiTypeOf(fields),
    method: methodOf(fields),
    route: routeOf(fields),
    responseLengthBytes: numberOf(facts, 'responseLength'),
    integrationStatus: statusOf(facts, 'integrationStatus'),
    errorType: fields.errorType ?? null,
    xrayTraceId: fields.xrayTraceId ?? null,
  };
  return { ok: true, request, isRepaired };
}

/**
 * Reads one access-log line.
 *
 * @param readLine - The reader of the line's log group
 * @param message - The text of one log event, hostile until proven otherwise
 * @param eventTimeMs - As {@link toCountedRequest} takes it
 */
export function parseAccessLog(
  readLine: ReadAccessLogLine,
  message: string,
  eventTimeMs: number,
): ParsedLine {
  const line = readLine(message);
  return typeof line === 'string' ? { ok: false, reason: line } : parseFields(line, eventTimeMs);
}
