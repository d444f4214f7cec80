import { describe, expect, it } from 'vitest';
import { readExecutionFacts } from '#shared/domain/logs/execution/read-execution-facts.ts';
import { FAILURE_TEXTS, OTHER_TEXTS } from '#test/fakes/execution-log-lines.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const OTHER_ID = '00000000-0000-4000-8000-000000000002';
const DETAILS = { limitRps: null, burst: null, quotaRequests: null, period: null, usagePlanId: null };
const STAGE = { apiId: 'a1b2c3', stage: 'dev' };

/** Every form of the facts sheet, old and new wordings, with what it says. */
const WHOLE_LINES = [
  [
    'Execution log for request test-request',
    { beginning: 0, isTestInvocation: true, namedRequestId: 'test-request' },
  ],
  ['Extended Request Id: FIXTURErPEF_+/g=', { beginning: 1, extendedRequestId: 'FIXTURErPEF_+/g=' }],
  [
    `Starting authorizer: auth01 for request: ${ID}`,
    { beginning: 2, authorizerId: 'auth01', namedRequestId: ID },
  ],
  ['Successfully completed authorizer execution', { authorizerAllowed: true }],
  [`Unauthorized request: ${ID}`, { authorizerRefused: true, isEnd: true, namedRequestId: ID }],
  ['The client is not authorized to perform this operation.', { isDenied: true, isEnd: true }],
  [
    `Verifying Usage Plan for request: ${ID}. API Key:  API Stage: a1b2c3/dev`,
    { ...STAGE, beginning: 3, namedRequestId: ID },
  ],
  [
    `Verifying Usage Plan for request: ${ID}. API Key: API Stage: a1b2c3/dev`,
    { ...STAGE, beginning: 3, namedRequestId: ID },
  ],
  [
    `Verifying Usage Plan for request: ${ID}. API Key: ******abcdef API Stage: a1b2c3/dev`,
    { ...STAGE, beginning: 3, namedRequestId: ID },
  ],
  [
    "API Key  authorized because method 'ANY /{proxy+}' does not require API Key. Request will not contribute to throttle or quota limits",
    { route: 'ANY /{proxy+}' },
  ],
  ['Usage Plan check succeeded for API Key  and API Stage a1b2c3/dev', STAGE],
  ['Usage Plan check succeeded for API Key and API Stage a1b2c3/dev', STAGE],
  ['Usage Plan check succeeded for API Key *****abcdef and API Stage a1b2c3/dev', STAGE],
  ['API Key: **********', {}],
  ['API Key ID: key0000001', { apiKeyId: 'key0000001' }],
  [`Starting execution for request: ${ID}`, { beginning: 4, namedRequestId: ID }],
  ['Starting execution for request: test-invoke-request', { beginning: 4, isTestInvocation: true }],
  [
    'Received response. Integration latency: 328 ms',
    { integrationAnswered: true, integrationLatencyMs: 328 },
  ],
  [
    'Received response. Status: 200, Integration latency: 392 ms',
    { integrationAnswered: true, integrationLatencyMs: 392, integrationStatus: 200 },
  ],
  ['Successfully completed execution', { executionSucceeded: true }],
  ['Method completed with status: 504', { isEnd: true, status: 504 }],
  ['Execution failed due to a timeout error', {}],
  [
    `Lambda invocation failed with status: 429. Lambda request id: ${ID}`,
    { lambdaStatus: 429, lambdaRequestId: ID },
  ],
  [
    'Gateway response type: AUTHORIZER_CONFIGURATION_ERROR with status code: 500',
    {
      authorizerFailed: true,
      isEnd: true,
      responseStatus: 500,
      responseType: 'AUTHORIZER_CONFIGURATION_ERROR',
    },
  ],
  [
    'Gateway response type: UNAUTHORIZED with status code: 401',
    { authorizerRefused: true, isEnd: true, responseStatus: 401, responseType: 'UNAUTHORIZED' },
  ],
  [
    'Gateway response type: ACCESS_DENIED with status code: 403',
    { isDenied: true, isEnd: true, responseStatus: 403, responseType: 'ACCESS_DENIED' },
  ],
  [
    'Gateway response type: THROTTLED with status code: 429',
    { isEnd: true, responseStatus: 429, responseType: 'THROTTLED' },
  ],
  [`AWS Integration Endpoint RequestId : ${ID}`, { isTrailer: true, endpointRequestId: ID }],
  ...['', 'Root=', 'root=', 'Self=1-00000000-00000000000000000000000a;Root=', 'sampled=1;root='].map(
    (before) =>
      [
        `X-ray Tracing ID : ${before}1-69a562e0-0123456789abcdef01234567`,
        { isTrailer: true, xrayTraceId: '1-69a562e0-0123456789abcdef01234567' },
      ] as const,
  ),
  [
    'Key throttle limit exceeded for RestApi a1b2c3, Stage dev, Resource res001, HttpMethod POST. Limit: 1.00 Burst: 1',
    {
      ...STAGE,
      resourceId: 'res001',
      limitedMethod: 'POST',
      throttle: { ...DETAILS, layer: 'method', limitRps: 1, burst: 1 },
    },
  ],
  [
    'API Key *****abcdef exceeded throttle limit for API Stage a1b2c3/dev: Key throttle limit exceeded for Usage Plan ID plan01, RestApi a1b2c3, Stage dev, Resource res001, HttpMethod GET. Limit: 0.50 Burst: 10',
    {
      ...STAGE,
      resourceId: 'res001',
      limitedMethod: 'GET',
      throttle: { ...DETAILS, layer: 'usage-plan', limitRps: 0.5, burst: 10, usagePlanId: 'plan01' },
    },
  ],
  [
    'Key throttle limit exceeded for Usage Plan ID plan01, RestApi a1b2c3, Stage dev, Resource res001, HttpMethod GET. Limit: 5.00 Burst: 10',
    {
      ...STAGE,
      resourceId: 'res001',
      limitedMethod: 'GET',
      throttle: { ...DETAILS, layer: 'usage-plan', limitRps: 5, burst: 10, usagePlanId: 'plan01' },
    },
  ],
  [
    'API Key *****abcdef exceeded throttle limit for API Stage a1b2c3/dev',
    { ...STAGE, throttle: { ...DETAILS, layer: 'usage-plan' } },
  ],
  ...['Q Limit', 'Limit'].map(
    (limit) =>
      [
        `API Key *****abcdef exceeded quota limit for API Stage a1b2c3/dev: Key quota exhausted for Usage Plan ID plan01. ${limit}: 200 Period: DAY`,
        {
          ...STAGE,
          throttle: { ...DETAILS, layer: 'quota', quotaRequests: 200, period: 'DAY', usagePlanId: 'plan01' },
        },
      ] as const,
  ),
  [
    'API Key *****abcdef exceeded quota limit for API Stage a1b2c3/dev',
    { ...STAGE, throttle: { ...DETAILS, layer: 'quota' } },
  ],
] as const;

/** Forms in which a text of others follows. */
const OPEN_LINES = [
  ['Incoming identity: ****I1BUdE', {}],
  ['Using valid authorizer policy for principal: ****abcdef', { authorizerAllowed: true }],
  ['Authorizer result body before parsing: {"principalId":"x"}', { logsBodies: true }],
  [
    "API Key *******abcdef not authorized because method 'GET /' requires API Key and API Key is not associated with a Usage Plan for API Stage a1b2c3/dev: No Usage Plan found for key and API Stage",
    { ...STAGE, route: 'GET /' },
  ],
  ["API Key  not authorized because method 'GET /a' requires something else", { route: 'GET /a' }],
  ['HTTP Method: GET, Resource Path: /orders/17', { method: 'GET', path: '/orders/17' }],
  ['HTTP Method: GET, Resource Path: /orders/17 [TRUNCATED]', { method: 'GET', path: '/orders/17' }],
  ['HTTP Method: GET, Resource Path: ', { method: 'GET', path: '' }],
  ...[
    'Method request path: {id=17}',
    'Method request query string: {}',
    'Method request headers: {a=b}',
    'Method request body before transformations: ',
    'Endpoint request headers: {a=b}',
    'Endpoint request body after transformations: x',
    'Method response body after transformations: x',
    'Method response headers: {a=b}',
  ].map((text) => [text, { logsBodies: true }] as const),
  ['Endpoint response body before transformations: x', { logsBodies: true, integrationAnswered: true }],
  ['Endpoint response headers: {a=b}', { logsBodies: true, integrationAnswered: true }],
  ['Endpoint request URI: https://example.com/x?y=z', {}],
  ['Sending request to https://example.com/x?y=z', {}],
  ['Request validation succeeded for content type application/json', { validationPassed: true }],
  [
    'Request body does not match model schema for content type application/json: [Unknown error parsing request body]',
    { validationFailed: true },
  ],
  ['Missing required request parameters: [city]', { validationFailed: true }],
  [
    `Lambda execution failed with status 200 due to customer function error: boom. Lambda request id: ${ID}`,
    { functionFailed: true, lambdaStatus: 200, lambdaRequestId: ID },
  ],
  [
    'Lambda execution failed with status 200 due to customer function error: boo [TRUNCATED]',
    { functionFailed: true, lambdaStatus: 200 },
  ],
  [
    `Lambda execution failed with status 200 due to customer function error: . Lambda request id: ${ID}\n. Lambda request id: ${OTHER_ID}`,
    { functionFailed: true, lambdaStatus: 200, lambdaRequestId: OTHER_ID },
  ],
  [
    `Lambda execution failed with status 200 due to customer function error: . Lambda request id: ${ID} [TRUNCATED]`,
    { functionFailed: true, lambdaStatus: 200 },
  ],
  ['Lambda invocation failed with status: 418. Lambda request id: x', { lambdaStatus: 418 }],
  ['Execution failed due to configuration error: Authorizer error', { authorizerFailed: true }],
  ['AuthorizerConfigurationException', { authorizerFailed: true }],
  ['Execution failed due to configuration error: Malformed Lambda proxy response', {}],
  ['Execution failed due to a network error communicating with endpoint: Connection is closed', {}],
] as const;

describe('readExecutionFacts()', () => {
  it.each(WHOLE_LINES)('readExecutionFacts() reads %s, after which no other text comes', (text, facts) => {
    expect(readExecutionFacts(text, text)).toEqual({ facts, isWhole: true });
  });

  it.each(OPEN_LINES)('readExecutionFacts() reads %s, and leaves what follows', (text, facts) => {
    expect(readExecutionFacts(text, text)).toEqual({ facts, isWhole: false });
  });

  it.each([...FAILURE_TEXTS.map(([text]) => text), ...OTHER_TEXTS])(
    'readExecutionFacts() knows %s',
    (text) => {
      expect(readExecutionFacts(text, text)).not.toBeNull();
    },
  );

  it.each([
    '',
    'Something that nobody has seen yet',
    'x Method completed with status: 200',
    'Method completed with status: 200 and more',
    'Method completed with status: 999',
    'method completed with status: 200',
    'X-ray Tracing ID : Root=secret',
    'API Key ID: not an id',
    'AWS Integration Endpoint RequestId : not an id',
    '(other) Method completed with status: 200',
    'AWS Integration Latency: 5 ms',
  ])('readExecutionFacts() does not know %j', (text) => {
    expect(readExecutionFacts(text, text)).toBeNull();
  });

  it('readExecutionFacts() takes a line break for the end of the path', () => {
    const text = 'HTTP Method: GET, Resource Path: /a\nMethod completed with status: 200';

    expect(readExecutionFacts(text, text)?.facts).toEqual({ method: 'GET', path: '/a' });
  });
});
