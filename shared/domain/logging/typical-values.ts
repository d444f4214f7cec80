import type { ApiType } from '#shared/domain/logs/access/request.ts';

const UUID = '01234567-89ab-cdef-0123-456789abcdef';
const SHORT_ID = 'JKJaXmPLvHcESHA=';
const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Values of a request that went well, which most did. What is not here has none. */
const VALUES: Readonly<Record<string, string>> = {
  accountId: '123456789012',
  apiId: 'a1b2c3d4e5',
  stage: 'prod',
  deploymentId: 'd1e2f3',
  requestId: UUID,
  extendedRequestId: SHORT_ID,
  requestTime: '15/Jun/2026:14:03:22 +0000',
  requestTimeEpoch: '1781532202123',
  httpMethod: 'POST',
  path: '/prod/customers/12345678/orders',
  resourcePath: '/customers/{id}/orders',
  resourceId: 'r1s2t3',
  routeKey: 'POST /customers/{id}/orders',
  protocol: 'HTTP/1.1',
  status: '200',
  responseLength: '2048',
  responseLatency: '142',
  integrationLatency: '138',
  'integration.latency': '138',
  integrationStatus: '200',
  'integration.status': '200',
  'integration.integrationStatus': '200',
  'integration.requestId': UUID,
  awsEndpointRequestId: UUID,
  'waf.status': '200',
  'waf.latency': '4',
  wafResponseCode: 'WAF_ALLOW',
  'authorizer.status': '200',
  'authorizer.latency': '12',
  'authorizer.integrationStatus': '200',
  'authorizer.integrationLatency': '11',
  'authorize.status': '200',
  'identity.apiKeyId': 'k1l2m3n4o5',
  'identity.sourceIp': '203.0.113.178',
  'identity.userAgent': USER_AGENT,
  xrayTraceId: '1-69a562e0-0123456789abcdef01234567',
  domainName: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
  domainPrefix: 'a1b2c3d4e5',
  connectionId: SHORT_ID,
  connectedAt: '1781532202123',
  eventType: 'MESSAGE',
  messageId: SHORT_ID,
};

/** Only REST APIs have a UUID; a route of a WebSocket API is a word. */
const OTHERS: Readonly<Record<Exclude<ApiType, 'REST'>, Readonly<Record<string, string>>>> = {
  HTTP: { requestId: SHORT_ID },
  WEBSOCKET: { requestId: SHORT_ID, routeKey: 'sendMessage' },
};

/**
 * What API Gateway typically writes for a variable. `-` is what it writes where there is no value.
 *
 * @param variable - Without `$context.`
 */
export function typicalValue(apiType: ApiType, variable: string): string {
  const own = apiType === 'REST' ? undefined : OTHERS[apiType][variable];
  return own ?? VALUES[variable] ?? '-';
}
