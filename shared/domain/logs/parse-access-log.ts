import { classifyCause } from '#shared/domain/causes/classify-cause.ts';
import type { AccessLogFields, ReadLine } from '#shared/domain/logs/access-log-fields.ts';
import { parseTime } from '#shared/domain/logs/parse-time.ts';
import type { ReadAccessLogLine, UnreadableReason } from '#shared/domain/logs/read-access-log-line.ts';
import type { ApiRequest, ApiType } from '#shared/domain/logs/request.ts';

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

function parseCount(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,15}(\.\d{1,9})?$/.test(text)) return null;
  return Number(text);
}

function parseStatus(text: string | undefined): number | null {
  return text !== undefined && /^[1-5]\d\d$/.test(text) ? Number(text) : null;
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

function toRequest(fields: AccessLogFields, status: number, timeMs: number): ApiRequest {
  const integrationStatus = parseStatus(fields.integrationStatus);
  return {
    requestId: fields.requestId ?? null,
    extendedRequestId: fields.extendedRequestId ?? null,
    apiId: matching(fields.apiId, API_ID),
    stage: matching(fields.stage, STAGE),
    apiType: apiTypeOf(fields),
    method: methodOf(fields),
    route: routeOf(fields),
    timeMs,
    status,
    responseLatencyMs: parseCount(fields.responseLatency),
    integrationLatencyMs: parseCount(fields.integrationLatency),
    responseLengthBytes: parseCount(fields.responseLength),
    integrationStatus,
    cause: status < 400 ? null : classifyCause({ ...fields, status, integrationStatus }),
    errorType: fields.errorType ?? null,
    xrayTraceId: fields.xrayTraceId ?? null,
  };
}

/**
 * Takes the request out of the facts of a line. For those who need facts that a request has no place for, such as the
 * error's message: they go no further than the machine of whoever reads the log.
 *
 * @param eventTimeMs - Timestamp of the log event in epoch milliseconds; 0 when there is none
 */
export function parseFields({ fields, isRepaired }: ReadLine, eventTimeMs: number): ParsedLine {
  const status = parseStatus(fields.status);
  if (status === null) {
    const known = fields.requestId ?? fields.extendedRequestId ?? fields.httpMethod ?? fields.routeKey;
    return { ok: false, reason: known === undefined ? 'not-access-log' : 'no-status' };
  }
  const ownTimeMs = fields.time === undefined ? null : parseTime(fields.time);
  const timeMs = ownTimeMs ?? eventTimeMs;
  if (!(timeMs > 0)) return { ok: false, reason: 'no-time' };
  return { ok: true, request: toRequest(fields, status, timeMs), isRepaired };
}

/**
 * Reads one access-log line. The request's own time is used; without one, the time of the log event.
 *
 * @param readLine - The reader of the line's log group
 * @param message - The text of one log event, hostile until proven otherwise
 * @param eventTimeMs - Timestamp of the log event in epoch milliseconds; 0 when there is none
 */
export function parseAccessLog(
  readLine: ReadAccessLogLine,
  message: string,
  eventTimeMs: number,
): ParsedLine {
  const line = readLine(message);
  return typeof line === 'string' ? { ok: false, reason: line } : parseFields(line, eventTimeMs);
}
