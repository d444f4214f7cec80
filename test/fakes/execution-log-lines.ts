import type { CauseSlug } from '#shared/domain/causes/causes.ts';

/**
 * Texts of failing requests, without prefix, and the cause of each when it stands alone. The wordings are those of
 * AWS's knowledge center and of published logs; ids, keys and names are invented.
 */
export const FAILURE_TEXTS: readonly (readonly [text: string, cause: CauseSlug])[] = [
  [
    'API Key **********************************abcdef exceeded quota limit for API Stage a1b2c3/dev: Key quota exhausted for Usage Plan ID plan01. Q Limit: 500 Period: DAY',
    'throttle.quota',
  ],
  [
    'API Key **********************************abcdef exceeded throttle limit for API Stage a1b2c3/dev: Key throttle limit exceeded for Usage Plan ID plan01, RestApi a1b2c3, Stage dev, Resource res001, HttpMethod GET. Limit: 5.00 Burst: 10',
    'throttle.usage-plan',
  ],
  ['API Key *****abcdef exceeded throttle limit for API Stage a1b2c3/dev', 'throttle.usage-plan'],
  [
    'Key throttle limit exceeded for Usage Plan ID plan01, RestApi a1b2c3, Stage dev, Resource res001, HttpMethod GET. Limit: 5.00 Burst: 10',
    'throttle.usage-plan',
  ],
  [
    'Key throttle limit exceeded for RestApi a1b2c3, Stage Prod, Resource res002, HttpMethod POST. Limit: 1.00 Burst: 1',
    'throttle.method',
  ],
  [
    "API Key *******abcdef not authorized because method 'GET /' requires API Key and API Key is not associated with a Usage Plan for API Stage a1b2c3/prod: No Usage Plan found for key and API Stage",
    'auth.api-key',
  ],
  [
    "API Key  not authorized because method 'GET /' requires API Key and API Key is not associated with a Usage Plan for API Stage a1b2c3/prod: No Usage Plan found for key and API Stage",
    'auth.api-key',
  ],
  ['Execution failed due to configuration error: Authorizer error', 'auth.authorizer-misconfigured'],
  ['AuthorizerConfigurationException', 'auth.authorizer-misconfigured'],
  ['Unauthorized request: 00000000-0000-4000-8000-000000000001', 'auth.unauthorized'],
  ['The client is not authorized to perform this operation.', 'auth.denied'],
  [
    'Request body does not match model schema for content type application/json: [object has missing required properties (["email","password"])]',
    'client.validation',
  ],
  [
    'Request body does not match model schema for content type application/json: [Unknown error parsing request body]',
    'client.validation',
  ],
  ['Missing required request parameters: [city]', 'client.validation'],
  [
    'Lambda execution failed with status 200 due to customer function error: Task timed out after 10.00 seconds. Lambda request id: 00000000-0000-4000-8000-000000000001',
    'integration.function-error',
  ],
  [
    'Lambda invocation failed with status: 429. Lambda request id: 00000000-0000-4000-8000-000000000001',
    'integration.concurrency',
  ],
  ['Execution failed due to configuration error: Rate Exceeded.', 'integration.concurrency'],
  [
    'Lambda invocation failed with status: 403. Lambda request id: 00000000-0000-4000-8000-000000000001',
    'integration.permission',
  ],
  [
    'Execution failed due to configuration error: Invalid permissions on Lambda function',
    'integration.permission',
  ],
  [
    'Execution failed due to configuration error: API Gateway does not have permission to assume the provided role arn:aws:iam::123456789012:role/api',
    'integration.permission',
  ],
  [
    'Lambda invocation failed with status: 503. Lambda request id: 00000000-0000-4000-8000-000000000001',
    'integration.unavailable',
  ],
  [
    'Execution failed due to configuration error: Malformed Lambda proxy response',
    'integration.malformed-response',
  ],
  ['Execution failed due to a timeout error', 'integration.timeout'],
  [
    'Execution failed due to a network error communicating with endpoint: Connection is closed',
    'integration.network',
  ],
  ['Execution failed due to a network error communicating with endpoint', 'integration.network'],
  [
    "Execution failed due to configuration error: Host name 'nlb.example.com' does not match the certificate subject provided by the peer",
    'integration.network',
  ],
  ['Execution failed due to configuration error: General SSLEngine problem', 'integration.network'],
  [
    'Execution failed due to configuration error: Output mapping refers to an invalid method response: 418',
    'gateway.configuration',
  ],
  [
    'Execution failed due to configuration error: No match for output mapping and no default output mapping configured. Endpoint Response Status Code: 403',
    'gateway.configuration',
  ],
  ['Execution failed due to configuration error: Unable to transform request', 'gateway.configuration'],
  ['Execution failed due to configuration error: Invalid endpoint address', 'gateway.configuration'],
  [
    'Gateway response type: AUTHORIZER_CONFIGURATION_ERROR with status code: 500',
    'auth.authorizer-misconfigured',
  ],
  ['Gateway response type: AUTHORIZER_FAILURE with status code: 500', 'auth.authorizer-failed'],
  ['Gateway response type: WAF_FILTERED with status code: 403', 'waf.blocked'],
  ['Gateway response type: THROTTLED with status code: 429', 'throttle.unknown-level'],
  ['Gateway response type: INTEGRATION_TIMEOUT with status code: 504', 'integration.timeout'],
  ['Gateway response type: INTEGRATION_FAILURE with status code: 502', 'integration.function-error'],
  ['Gateway response type: DEFAULT_5XX with status code: 500', 'gateway.internal'],
  ['Execution failed due to something that nobody has seen yet', 'unknown'],
  ['Lambda invocation failed with status: 418. Lambda request id: x', 'unknown'],
];

/** Texts of successful requests and those that a failing request has besides: they tell no cause. */
export const OTHER_TEXTS: readonly string[] = [
  'Extended Request Id: FIXTUREidPEF_g=',
  'Starting authorizer: auth01 for request: 00000000-0000-4000-8000-000000000001',
  'Using valid authorizer policy for principal: *****abcdef',
  'Successfully completed authorizer execution',
  'Verifying Usage Plan for request: 00000000-0000-4000-8000-000000000001. API Key:  API Stage: a1b2c3/dev',
  "API Key  authorized because method 'POST /orders' does not require API Key. Request will not contribute to throttle or quota limits",
  "API Key authorized because method 'GET /echo' does not require API Key. Request will not contribute to throttle or quota limits",
  'Usage Plan check succeeded for API Key  and API Stage a1b2c3/dev',
  'API Key: ***',
  'API Key ID: key0000001',
  'Starting execution for request: 00000000-0000-4000-8000-000000000001',
  'HTTP Method: POST, Resource Path: /api/orders',
  'Method request path: {city=Seattle}',
  'Request validation succeeded for content type application/json',
  'Received response. Integration latency: 328 ms',
  'Received response. Status: 200, Integration latency: 392 ms',
  'Successfully completed execution',
  'Method completed with status: 200',
  'Method completed with status: 502',
  'AWS Integration Endpoint RequestId : 00000000-0000-4000-8000-000000000001',
  'X-ray Tracing ID : Root=1-00000000-000000000000000000000001',
];
