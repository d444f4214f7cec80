import { describe, expect, it } from 'vitest';
import { CAUSE_SLUGS, type CauseSlug } from '#shared/domain/causes/causes.ts';
import { classifyCause, type FailureFacts } from '#shared/domain/causes/classify-cause.ts';

/** Columns: cause | status | error.responseType | integration.status | error.message | other facts | what happened */
const WITH_RESPONSE_TYPE = `
client.validation | 400 | BAD_REQUEST_BODY | - | Invalid request body | validationError=[object has …] | a body fails validation
client.validation | 400 | BAD_REQUEST_PARAMETERS | - | Missing required request parameters: [id] | - | parameters fail validation
client.malformed | 400 | DEFAULT_4XX | - | - | - | a malformed request
auth.unauthorized | 401 | UNAUTHORIZED | - | Unauthorized | - | an authorizer refuses
client.unknown-route | 403 | MISSING_AUTHENTICATION_TOKEN | - | Missing Authentication Token | - | a wrong URL
auth.missing-token | 403 | MISSING_AUTHENTICATION_TOKEN | - | Missing Authentication Token | resourcePath=/pets | an unsigned call of an IAM method
auth.signature | 403 | DEFAULT_4XX | - | Invalid key=value pair (missing equal-sign) in Authorization header | - | a header that is no signature
waf.blocked | 403 | WAF_FILTERED | - | Forbidden | wafResponseCode=WAF_BLOCK | a WAF rule
waf.blocked | 429 | WAF_FILTERED | - | - | - | a WAF rule with a response of its own
waf.blocked | 403 | waf_filtered | - | - | - | a type in lower case
auth.api-key | 403 | INVALID_API_KEY | - | Forbidden | - | a wrong API key
auth.denied | 403 | ACCESS_DENIED | - | User is not authorized to access this resource | - | the authorizer's policy denies
auth.denied | 403 | DEFAULT_4XX | - | User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:… | - | a resource policy denies
auth.denied | 403 | DEFAULT_4XX | - | - | - | a default 403 that says nothing
auth.unauthorized | 401 | DEFAULT_4XX | - | - | - | a default 401 that says nothing
unknown | 418 | DEFAULT_4XX | - | - | - | a default status that nobody uses
auth.expired | 403 | EXPIRED_TOKEN | - | - | - | an expired session
auth.signature | 403 | INVALID_SIGNATURE | - | - | - | a wrong signature
client.unknown-route | 404 | RESOURCE_NOT_FOUND | - | - | - | a resource that is not there
client.too-large | 413 | REQUEST_TOO_LARGE | - | - | - | a large payload
client.media-type | 415 | UNSUPPORTED_MEDIA_TYPE | - | - | - | a media type without template
throttle.unknown-level | 429 | THROTTLED | - | Too Many Requests | - | a throttle
throttle.quota | 429 | QUOTA_EXCEEDED | - | Limit Exceeded | - | a used up quota
integration.permission | 500 | API_CONFIGURATION_ERROR | - | Internal server error | integrationError=Invalid permissions on Lambda function | a missing permission
integration.concurrency | 500 | API_CONFIGURATION_ERROR | - | Internal server error | integrationError=Rate Exceeded. | exhausted concurrency
integration.concurrency | 500 | DEFAULT_5XX | - | - | integrationError=Lambda invocation failed with status: 429 | a throttled function
gateway.configuration | 500 | DEFAULT_5XX | - | - | integrationError=Output mapping refers to an invalid method response: 200 | a missing method response
gateway.configuration | 500 | API_CONFIGURATION_ERROR | - | Internal server error | - | a wrong mapping
auth.authorizer-failed | 500 | AUTHORIZER_FAILURE | - | - | authorizerError=boom | an authorizer that throws
auth.authorizer-misconfigured | 500 | AUTHORIZER_CONFIGURATION_ERROR | - | - | authorizerError=boom | an authorizer that cannot be called
waf.failed | 500 | DEFAULT_5XX | - | There was an error evaluating the AWS WAF rules associated with this API | - | WAF out of order
gateway.internal | 500 | DEFAULT_5XX | - | Internal server error | - | a failure inside API Gateway
gateway.internal | 500 | SOMETHING_NEW | - | - | - | a type that is not known yet
client.unknown-route | 404 | __proto__ | - | - | - | a type that is a name of JavaScript
integration.function-error | 502 | INTEGRATION_FAILURE | - | Internal server error | integrationError=Lambda Customer Function Error:'AZUL_S3_BUCKET' | a function that throws
integration.function-error | 502 | INTEGRATION_FAILURE | - | Internal server error | integrationServiceStatus=200 | a function that fails without a word
integration.malformed-response | 502 | INTEGRATION_FAILURE | - | - | integrationError=Malformed Lambda proxy response | a function that returns nonsense
integration.unavailable | 503 | INTEGRATION_FAILURE | - | - | - | a target that is not there
integration.timeout | 504 | INTEGRATION_TIMEOUT | - | Endpoint request timed out | - | a timeout
integration.timeout | 500 | INTEGRATION_TIMEOUT | - | Endpoint request timed out | - | a timeout with a customised status
integration.timeout | 504 | INTEGRATION_FAILURE | - | - | integrationError=Execution failed due to a timeout error | a timeout named as a failure
integration.network | 504 | INTEGRATION_FAILURE | - | - | - | a failure with its default status
integration.network | 504 | INTEGRATION_FAILURE | - | Network error communicating with endpoint | - | a refused connection
integration.network | 504 | INTEGRATION_FAILURE | - | - | integrationError=Execution failed due to a network error communicating with endpoint: Connection is closed | a closed connection`;

/** Formats without `$context.error.responseType`: messages and phases have to tell. */
const WITHOUT_RESPONSE_TYPE = `
client.validation | 400 | - | - | Invalid request body | - | a validator
client.validation | 400 | - | - | Missing required request parameters: [id] | - | missing parameters
client.validation | 400 | - | - | - | validationError=[object has …] | a validation message
auth.unauthorized | 401 | - | - | Unauthorized | - | an authorizer that refuses
auth.unauthorized | 401 | - | - | - | authorizerError=the token has expired | a JWT that is not accepted
auth.denied | 403 | - | - | - | authorizerError=insufficient scope | a JWT without the scope
auth.authorizer-failed | 500 | - | - | - | authorizerError=boom | an authorizer that fails
client.unknown-route | 403 | - | - | Missing Authentication Token | - | a wrong URL
auth.missing-token | 403 | - | - | Missing Authentication Token | resourcePath=/pets | an unsigned call of an IAM method
auth.signature | 403 | - | - | Invalid key=value pair (missing equal-sign) in Authorization header | - | a header that is no signature
auth.signature | 403 | - | - | The request signature we calculated does not match the signature you provided. | - | a wrong signature
auth.expired | 403 | - | - | The security token included in the request is expired | - | an expired session
auth.expired | 401 | - | - | The incoming token has expired | - | an expired token
waf.blocked | 403 | - | - | Forbidden | wafResponseCode=WAF_BLOCK | a WAF rule, by its code
waf.blocked | 403 | - | - | Forbidden | wafStatus=403 | a WAF rule, by its status
waf.blocked | 404 | - | - | - | wafResponseCode=WAF_BLOCK | a WAF rule with a response of its own
auth.denied | 403 | - | - | User is not authorized to access this resource with an explicit deny | - | the authorizer's policy denies
auth.denied | 403 | - | - | User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:… | - | a resource policy denies
unknown | 403 | - | - | Forbidden | - | a 403 that may be a key or WAF
client.unknown-route | 404 | - | - | Not Found | - | an HTTP API without that route
client.too-large | 413 | - | - | HTTP content length exceeded 10485760 bytes | - | a payload too large for a REST API
client.too-large | 413 | - | - | Request Entity Too Large | - | a payload too large for an HTTP API
client.malformed | 414 | - | - | Request URI too long | - | a long URI
client.media-type | 415 | - | - | Unsupported Media Type | - | a media type without template
throttle.unknown-level | 429 | - | - | Too Many Requests | - | a throttle
throttle.unknown-level | 429 | - | - | - | - | a throttle of which nothing is told
throttle.quota | 429 | - | - | Limit Exceeded | - | a used up quota
unknown | 431 | - | - | - | - | headers that are too large
waf.failed | 500 | - | - | There was an error evaluating the AWS WAF rules associated with this API | - | WAF out of order
waf.failed | 500 | - | - | - | wafError=WAF call got timed out | a WAF call that timed out
waf.failed | 500 | - | - | Internal server error | wafError=WAFInternalError | WAF out of order for another reason
integration.permission | 500 | - | - | - | integrationError=The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. | a missing permission
integration.function-error | 500 | - | - | - | integrationError=The Lambda function returned the following error: boom. | a function that throws
integration.function-error | 500 | - | 200 | - | integrationError=The Lambda function returned the following error: boom. | a function that throws, with the Lambda service's status
integration.function-error | 502 | - | 200 | - | integrationError=Lambda Customer Function Error:'AZUL_S3_BUCKET' | the same behind a REST API
integration.function-error | 502 | - | - | Internal server error | - | a function that fails, by status and message
gateway.internal | 500 | - | 200 | Internal server error | - | a response that API Gateway made of a backend's 200
gateway.internal | 500 | - | - | Internal server error | - | an error that API Gateway does not explain
integration.unavailable | 503 | - | - | Service Unavailable | - | a target that is not there
integration.timeout | 504 | - | - | Endpoint request timed out | - | a timeout
integration.timeout | 500 | - | - | Endpoint request timed out | - | a timeout with a customised status
integration.network | 504 | - | - | Network error communicating with endpoint | - | a broken connection
unknown | 500 | - | - | - | - | a failure of which nothing is told
unknown | 403 | - | - | - | - | a refusal of which nothing is told`;

/** The integration answered: no response type, no message, its status. */
const BACKEND = `
backend.4xx | 400 | - | 400 | - | - | a 400
backend.4xx | 401 | - | 401 | - | - | a 401
backend.4xx | 403 | - | 403 | - | - | a 403
backend.4xx | 404 | - | 404 | - | - | a 404
backend.4xx | 415 | - | 415 | - | - | a 415
backend.4xx | 403 | - | 403 | - | wafResponseCode=WAF_ALLOW | a 403 that WAF let through
throttle.backend | 429 | - | 429 | - | - | a backend that throttles
throttle.backend | 429 | - | 200 | - | - | the same, with the Lambda service's status
backend.5xx | 500 | - | 500 | - | - | a 500
backend.5xx | 502 | - | 502 | - | - | a 502
backend.5xx | 503 | - | 503 | - | - | a 503
backend.5xx | 504 | - | 504 | - | - | a 504
backend.5xx | 500 | - | 500 | GET /orders | - | a 500 in a format that calls another text its message
backend.5xx | 500 | - | 200 | - | - | a function that answers 500, with the Lambda service's status`;

type Row = { readonly slug: CauseSlug; readonly happened: string; readonly facts: FailureFacts };

function parseRow(line: string): Row {
  const cells = line.split(' | ');
  const [slug, status, errorType = '-', integrationStatus, errorMessage = '-', other = '-', happened = ''] =
    cells;
  const [otherName = '', ...otherValue] = other.split('=');
  const facts: FailureFacts = {
    status: Number(status),
    integrationStatus: integrationStatus === '-' ? null : Number(integrationStatus),
    ...(errorType !== '-' && { errorType }),
    ...(errorMessage !== '-' && { errorMessage }),
    ...(other !== '-' && { [otherName]: otherValue.join('=') }),
  };
  return { slug: slug as CauseSlug, happened, facts };
}

function parseTable(table: string): Row[] {
  return table.trim().split('\n').map(parseRow);
}

const TYPED = parseTable(WITH_RESPONSE_TYPE);
const UNTYPED = parseTable(WITHOUT_RESPONSE_TYPE);
const ANSWERED = parseTable(BACKEND);

describe('classifyCause()', () => {
  it.each(TYPED)('classifyCause() returns $slug with a response type for $happened', ({ facts, slug }) => {
    expect(classifyCause(facts)).toBe(slug);
  });

  it.each(UNTYPED)('classifyCause() returns $slug without a type for $happened', ({ facts, slug }) => {
    expect(classifyCause(facts)).toBe(slug);
  });

  it.each(ANSWERED)(
    'classifyCause() returns $slug where the integration answered $happened',
    ({ facts, slug }) => {
      expect(classifyCause(facts)).toBe(slug);
    },
  );

  it.each([...TYPED, ...UNTYPED, ...ANSWERED])(
    'classifyCause() does not blame the backend where it did not answer: $happened',
    ({ facts }) => {
      expect(classifyCause({ ...facts, integrationStatus: null })).not.toMatch(/backend/);
    },
  );

  it.each([100, 200, 204, 301, 304, 399])('classifyCause() returns null for status %i', (status) => {
    const facts: FailureFacts = { status, integrationStatus: null, errorType: 'WAF_FILTERED' };

    expect(classifyCause(facts)).toBeNull();
  });

  it('classifyCause() knows all 21 documented response types', () => {
    const documented = `ACCESS_DENIED API_CONFIGURATION_ERROR AUTHORIZER_CONFIGURATION_ERROR AUTHORIZER_FAILURE
      BAD_REQUEST_PARAMETERS BAD_REQUEST_BODY DEFAULT_4XX DEFAULT_5XX EXPIRED_TOKEN INTEGRATION_FAILURE
      INTEGRATION_TIMEOUT INVALID_API_KEY INVALID_SIGNATURE MISSING_AUTHENTICATION_TOKEN QUOTA_EXCEEDED
      REQUEST_TOO_LARGE RESOURCE_NOT_FOUND THROTTLED UNAUTHORIZED UNSUPPORTED_MEDIA_TYPE WAF_FILTERED`;

    const tested = new Set(TYPED.map(({ facts }) => facts.errorType));

    expect(documented.split(/\s+/).filter((type) => !tested.has(type))).toEqual([]);
  });

  it('classifyCause() can tell every cause that an access log can name', () => {
    const told = new Set([...TYPED, ...UNTYPED, ...ANSWERED].map(({ facts }) => classifyCause(facts)));

    // Only execution logs, or the account's headroom, name the level of a throttle.
    expect(CAUSE_SLUGS.filter((slug) => !told.has(slug))).toEqual([
      'throttle.usage-plan',
      'throttle.method',
      'throttle.account',
    ]);
  });
});
