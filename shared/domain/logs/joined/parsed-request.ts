import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { ReadLine } from '#shared/domain/logs/access/access-log-fields.ts';
import type { ApiRequest, ApiType } from '#shared/domain/logs/access/request.ts';
import type { ThrottleLayer } from '#shared/domain/logs/execution/execution-throttle.ts';
import { maskMessage } from '#shared/domain/logs/joined/mask-message.ts';
import type { AuthorizerOutcome, ExecutionStory } from '#shared/domain/logs/stories/execution-story.ts';

/**
 * One request as all of its log lines tell it; absent facts are `null`. With its path and message it is for the local
 * user only, and for no metric or message. The order of the fields is that of the output.
 */
export type ParsedRequest = {
  readonly requestId: string | null;
  readonly extendedRequestId: string | null;
  readonly apiId: string | null;
  readonly stage: string | null;
  readonly apiType: ApiType | null;
  readonly method: string | null;
  /** `GET /orders/{id}`: a template. */
  readonly route: string | null;
  /** What the client called, with all ids in it. */
  readonly path: string | null;
  /** The status sent to the client, 100 to 599; `null` where only execution lines tell of a request and none states it. */
  readonly status: number | null;
  /** When the request reached API Gateway, epoch milliseconds. */
  readonly timeMs: number | null;
  readonly responseLatencyMs: number | null;
  readonly integrationLatencyMs: number | null;
  readonly responseLengthBytes: number | null;
  readonly integrationStatus: number | null;
  /** Why the request failed; `null` without a sign of failure. */
  readonly cause: CauseSlug | null;
  /** The gateway response, such as `THROTTLED`. */
  readonly errorType: string | null;
  /** API Gateway's own words, as {@link maskMessage} leaves them. */
  readonly errorMessage: string | null;
  /** `1-…`, without `Root=`. */
  readonly xrayTraceId: string | null;
  /** The request is told to its end: by an access-log line, or by execution lines from beginning to end. */
  readonly complete: boolean;
  /** All from here on only execution lines tell. */
  readonly throttleLayer: Exclude<ThrottleLayer, 'unknown'> | null;
  readonly throttleLimitRps: number | null;
  readonly usagePlanId: string | null;
  readonly apiKeyId: string | null;
  readonly authorizer: Exclude<AuthorizerOutcome, 'unknown'> | null;
  /** The request in the log of the Lambda function. */
  readonly endpointRequestId: string | null;
  /** Whether execution lines hold bodies and headers; `false` only where all of them were seen. */
  readonly logsBodies: boolean | null;
};

const NOTHING_OF_EXECUTION = {
  throttleLayer: null,
  throttleLimitRps: null,
  usagePlanId: null,
  apiKeyId: null,
  authorizer: null,
  endpointRequestId: null,
  logsBodies: null,
} as const;

/** What API Gateway makes ids of: UUIDs and base64. Whoever names another value so in a format does not get it printed. */
const ID = /^[\w+/=-]{1,128}$/;
const RESPONSE_TYPE = /^[A-Z0-9_]{1,64}$/;
const TRACE_ID = /(?<![\w-])1-[0-9a-f]{8}-[0-9a-f]{24}(?![\w-])/;
const MAX_PATH_LENGTH = 2_048;

function matching(text: string | null, pattern: RegExp): string | null {
  return text === null ? null : (pattern.exec(text.slice(0, 256))?.[0] ?? null);
}

/**
 * The request that an access-log line tells.
 *
 * @param line - The facts of the line, of which some have no place in a request that is counted. One that was repaired may
 * lack some
 */
export function requestOfLine(request: ApiRequest, { fields, isRepaired }: ReadLine): ParsedRequest {
  const { requestId, extendedRequestId, apiId, stage, apiType, method, route, status, timeMs, cause } =
    request;
  return {
    requestId: matching(requestId, ID),
    extendedRequestId: matching(extendedRequestId, ID),
    apiId,
    stage,
    apiType,
    method,
    route,
    path: fields.path?.slice(0, MAX_PATH_LENGTH) ?? null,
    status,
    timeMs,
    responseLatencyMs: request.responseLatencyMs,
    integrationLatencyMs: request.integrationLatencyMs,
    responseLengthBytes: request.responseLengthBytes,
    integrationStatus: request.integrationStatus,
    cause,
    errorType: matching(request.errorType, RESPONSE_TYPE),
    errorMessage: fields.errorMessage === undefined ? null : maskMessage(fields.errorMessage),
    xrayTraceId: matching(request.xrayTraceId, TRACE_ID),
    complete: !isRepaired,
    ...NOTHING_OF_EXECUTION,
  };
}

function known<Word extends string>(word: Word | undefined): Exclude<Word, 'unknown'> | null {
  return word === undefined || word === 'unknown' ? null : (word as Exclude<Word, 'unknown'>);
}

const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
const BASE64_ID = /^[A-Za-z0-9_+/-]{1,127}=$/;

/**
 * HTTP APIs write no execution logs; REST APIs put a UUID before their lines, or the date of a test invocation, and
 * WebSocket APIs an id in base64.
 */
function apiTypeOf({ requestId, isTestInvocation }: ExecutionStory): ApiType | null {
  if (isTestInvocation || UUID.test(requestId ?? '')) return 'REST';
  return BASE64_ID.test(requestId ?? '') ? 'WEBSOCKET' : null;
}

/** The request that execution lines tell. */
export function requestOfStory(story: ExecutionStory): ParsedRequest {
  const { requestId, extendedRequestId, apiId, stage, method, route, path, status, throttle } = story;
  return {
    requestId,
    extendedRequestId,
    apiId,
    stage,
    apiType: apiTypeOf(story),
    method,
    route,
    path,
    status,
    timeMs: story.startedAtMs,
    responseLatencyMs: null,
    integrationLatencyMs: story.integrationLatencyMs,
    responseLengthBytes: null,
    integrationStatus: story.integrationStatus,
    cause: story.cause,
    errorType: story.responseType,
    errorMessage: null,
    xrayTraceId: story.xrayTraceId,
    complete: story.complete,
    throttleLayer: known(throttle?.layer),
    throttleLimitRps: throttle?.limitRps ?? null,
    usagePlanId: throttle?.usagePlanId ?? null,
    apiKeyId: story.apiKeyId,
    authorizer: known(story.authorizer?.outcome),
    endpointRequestId: story.endpointRequestId,
    logsBodies: story.logsBodies || (story.complete ? false : null),
  };
}
