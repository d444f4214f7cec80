import type { ApiType } from '#shared/domain/logs/access/request.ts';

/** A key of the JSON line, and the `$context` variable that gives its value. */
type Entry = readonly [key: string, variable: string];

const INTEGRATION: readonly Entry[] = [
  ['integrationLatency', 'integration.latency'],
  ['integrationStatus', 'integration.status'],
  ['integrationServiceStatus', 'integration.integrationStatus'],
  ['integrationRequestId', 'integration.requestId'],
  ['errorType', 'error.responseType'],
];

const RESPONSE: readonly Entry[] = [
  ['responseLength', 'responseLength'],
  ['responseLatency', 'responseLatency'],
];

const PHASES: readonly Entry[] = [
  ['authorizerStatus', 'authorizer.status'],
  ['authorizerLatency', 'authorizer.latency'],
  ['authorizeStatus', 'authorize.status'],
  ['authenticateStatus', 'authenticate.status'],
  ['wafStatus', 'waf.status'],
  ['wafLatency', 'waf.latency'],
];

/**
 * Sentences in somebody's words, which may hold quotes. They end the line: should a quote break it, all facts before
 * it can still be told apart.
 */
const TEXTS: readonly Entry[] = [
  ['errorMessage', 'error.message'],
  ['integrationError', 'integration.error'],
  ['authorizerError', 'authorizer.error'],
];

/** HTTP APIs do not validate; of all texts, this one quotes the most of a request. */
const VALIDATION: Entry = ['validationError', 'error.validationErrorString'];

/** A variable whose key has its name. */
function same(...variables: readonly string[]): Entry[] {
  return variables.map((variable) => [variable, variable]);
}

const ENTRIES: Readonly<Record<ApiType, readonly Entry[]>> = {
  REST: [
    ...same('requestId', 'extendedRequestId', 'accountId', 'apiId', 'stage', 'resourcePath', 'httpMethod'),
    ...same('requestTimeEpoch', 'status'),
    ...RESPONSE,
    ...INTEGRATION,
    ...PHASES,
    ...same('wafResponseCode'),
    ['apiKeyId', 'identity.apiKeyId'],
    ...same('xrayTraceId'),
    ...TEXTS,
    VALIDATION,
  ],
  HTTP: [
    ...same('requestId', 'extendedRequestId', 'accountId', 'apiId', 'stage', 'routeKey', 'httpMethod'),
    ...same('requestTimeEpoch', 'status'),
    ...RESPONSE,
    ...INTEGRATION,
    ...TEXTS,
  ],
  WEBSOCKET: [
    ...same('requestId', 'apiId', 'stage', 'routeKey', 'eventType', 'connectionId'),
    ...same('requestTimeEpoch', 'status'),
    ...INTEGRATION,
    ...PHASES,
    ['apiKeyId', 'identity.apiKeyId'],
    ...TEXTS,
    VALIDATION,
  ],
};

function formatOf(entries: readonly Entry[]): string {
  return JSON.stringify(Object.fromEntries(entries.map(([key, variable]) => [key, `$context.${variable}`])));
}

/**
 * The access-log format to use for each kind of API: one line of JSON with what Gatewatch reads and only variables that
 * such an API has. No address, key or identity is in it. The texts at its end may hold quotes; AWS does not say whether
 * it escapes them, and a line that a quote breaks has to be repaired.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html | REST}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html | HTTP}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html | WebSocket}
 */
export const RECOMMENDED_FORMATS: Readonly<Record<ApiType, string>> = {
  REST: formatOf(ENTRIES.REST),
  HTTP: formatOf(ENTRIES.HTTP),
  WEBSOCKET: formatOf(ENTRIES.WEBSOCKET),
};
