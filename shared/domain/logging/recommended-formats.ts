import type { ApiType } from '#shared/domain/logs/request.ts';

/** A key of the JSON line, and the `$context` variable that gives its value. */
type Entry = readonly [key: string, variable: string];

const INTEGRATION: readonly Entry[] = [
  ['integrationLatency', 'integration.latency'],
  ['integrationStatus', 'integration.status'],
  ['integrationServiceStatus', 'integration.integrationStatus'],
  ['integrationError', 'integration.error'],
  ['integrationRequestId', 'integration.requestId'],
  ['errorType', 'error.responseType'],
  ['errorMessage', 'error.message'],
];

const RESPONSE: readonly Entry[] = [
  ['responseLength', 'responseLength'],
  ['responseLatency', 'responseLatency'],
];

const PHASES: readonly Entry[] = [
  ['validationError', 'error.validationErrorString'],
  ['authorizerError', 'authorizer.error'],
  ['authorizerStatus', 'authorizer.status'],
  ['authorizerLatency', 'authorizer.latency'],
  ['authorizeStatus', 'authorize.status'],
  ['authenticateStatus', 'authenticate.status'],
  ['wafStatus', 'waf.status'],
  ['wafLatency', 'waf.latency'],
];

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
  ],
  HTTP: [
    ...same('requestId', 'extendedRequestId', 'accountId', 'apiId', 'stage', 'routeKey', 'httpMethod'),
    ...same('requestTimeEpoch', 'status'),
    ...RESPONSE,
    ...INTEGRATION,
    ['authorizerError', 'authorizer.error'],
  ],
  WEBSOCKET: [
    ...same('requestId', 'apiId', 'stage', 'routeKey', 'eventType', 'connectionId'),
    ...same('requestTimeEpoch', 'status'),
    ...INTEGRATION,
    ...PHASES,
    ['apiKeyId', 'identity.apiKeyId'],
  ],
};

function formatOf(entries: readonly Entry[]): string {
  return JSON.stringify(Object.fromEntries(entries.map(([key, variable]) => [key, `$context.${variable}`])));
}

/**
 * The access-log format to use for each kind of API: one line of JSON with what Gatewatch reads and only variables that
 * such an API has. No address, key or identity is in it, and nothing that brings its own quotes.
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
