import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { AccessLogFields } from '#shared/domain/logs/access-log-fields.ts';

/** What the cause is told from: the texts of the line, with both statuses as numbers. */
export type FailureFacts = Omit<AccessLogFields, 'status' | 'integrationStatus'> & {
  readonly status: number;
  readonly integrationStatus: number | null;
};

/**
 * Gateway response types that name their cause by themselves. The others need more facts.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html}
 */
const CAUSE_BY_RESPONSE_TYPE: Readonly<Record<string, CauseSlug>> = {
  ACCESS_DENIED: 'auth.denied',
  AUTHORIZER_CONFIGURATION_ERROR: 'auth.authorizer-misconfigured',
  AUTHORIZER_FAILURE: 'auth.authorizer-failed',
  BAD_REQUEST_BODY: 'client.validation',
  BAD_REQUEST_PARAMETERS: 'client.validation',
  EXPIRED_TOKEN: 'auth.expired',
  INTEGRATION_TIMEOUT: 'integration.timeout',
  INVALID_API_KEY: 'auth.api-key',
  INVALID_SIGNATURE: 'auth.signature',
  QUOTA_EXCEEDED: 'throttle.quota',
  REQUEST_TOO_LARGE: 'client.too-large',
  RESOURCE_NOT_FOUND: 'client.unknown-route',
  THROTTLED: 'throttle.unknown-level',
  UNAUTHORIZED: 'auth.unauthorized',
  UNSUPPORTED_MEDIA_TYPE: 'client.media-type',
  WAF_FILTERED: 'waf.blocked',
};

/**
 * Texts of `$context.error.message` and `$context.integration.error`, most telling first. The texts are API
 * Gateway's own; they decide where the response type is missing from the format or too general.
 */
const CAUSE_BY_TEXT: readonly (readonly [RegExp, CauseSlug])[] = [
  [/evaluating the AWS WAF rules|WAF call got timed out/i, 'waf.failed'],
  [/Endpoint request timed out|due to a timeout error/i, 'integration.timeout'],
  [/network error communicating with endpoint/i, 'integration.network'],
  [
    /Lambda Customer Function Error|Lambda function returned the following error/i,
    'integration.function-error',
  ],
  [/Malformed Lambda proxy response/i, 'integration.malformed-response'],
  [/Rate Exceeded|invocation failed with status: 429/i, 'integration.concurrency'],
  [/Invalid permissions on|have permissions? to (call|assume)/i, 'integration.permission'],
  [/invalid method response|configuration error/i, 'gateway.configuration'],
  [/^Invalid request body$|^Missing required request parameters/i, 'client.validation'],
  [/^Too Many Requests$/i, 'throttle.unknown-level'],
  [/^Limit Exceeded$/i, 'throttle.quota'],
  [/^Not Found$/i, 'client.unknown-route'],
  [/^Service Unavailable$/i, 'integration.unavailable'],
  [/^Unauthorized$/i, 'auth.unauthorized'],
  [/token.{0,50} (has|is) expired/i, 'auth.expired'],
  [/signature/i, 'auth.signature'],
  [/not authorized to|explicit deny/i, 'auth.denied'],
  [/missing equal-sign|Authorization header/i, 'auth.signature'],
  [/content length exceeded|Request Too Long|entity too large/i, 'client.too-large'],
  [/Unsupported Media Type/i, 'client.media-type'],
  [/URI too long/i, 'client.malformed'],
];

const CAUSE_BY_STATUS: Readonly<Record<number, CauseSlug>> = {
  400: 'client.malformed',
  404: 'client.unknown-route',
  413: 'client.too-large',
  414: 'client.malformed',
  415: 'client.media-type',
  429: 'throttle.unknown-level',
  431: 'client.malformed',
};

function causeOfText(text: string | undefined): CauseSlug | null {
  if (text === undefined) return null;
  return CAUSE_BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

function byText(facts: FailureFacts): CauseSlug | null {
  if (/^Missing Authentication Token$/i.test(facts.errorMessage ?? '')) return missingToken(facts);
  // The integration's error is the more exact of the two.
  return (
    causeOfText(facts.integrationError) ?? causeOfText(facts.errorMessage) ?? causeOfText(facts.wafError)
  );
}

/** `INTEGRATION_FAILURE` covers function errors and broken responses (502), and the network (504). */
function integrationFailure(facts: FailureFacts): CauseSlug {
  const told = byText(facts);
  if (told !== null) return told;
  if (facts.status === 503) return 'integration.unavailable';
  // 504 is the documented default; a function that fails or answers nonsense is a 502 in practice.
  return facts.status === 504 ? 'integration.network' : 'integration.function-error';
}

/**
 * AWS names the response after a missing token, but on a wrong path or method it is what the client gets.
 * A line that names its resource did match one, so there the credentials were missing.
 */
function missingToken(facts: FailureFacts): CauseSlug {
  return facts.resourcePath === undefined ? 'client.unknown-route' : 'auth.missing-token';
}

function byResponseType(facts: FailureFacts): CauseSlug | null {
  const type = facts.errorType?.toUpperCase();
  if (type === undefined) return null;
  if (type === 'INTEGRATION_FAILURE') return integrationFailure(facts);
  if (type === 'MISSING_AUTHENTICATION_TOKEN') return missingToken(facts);
  const known = CAUSE_BY_RESPONSE_TYPE[type];
  if (known !== undefined) return known;
  const told = byText(facts);
  if (told !== null) return told;
  if (type === 'API_CONFIGURATION_ERROR') return 'gateway.configuration';
  if (facts.status >= 500) return 'gateway.internal';
  if (facts.status === 401) return 'auth.unauthorized';
  if (facts.status === 403) return 'auth.denied';
  return CAUSE_BY_STATUS[facts.status] ?? 'unknown';
}

function byBackend(facts: FailureFacts): CauseSlug | null {
  if (facts.integrationStatus === null) return null;
  // A gateway error message means that API Gateway made the response, whatever the integration said; unless that is
  // what the client got: some formats call another text a message.
  if (facts.errorMessage !== undefined && facts.integrationStatus !== facts.status) return null;
  // An integration's own error means that the backend did not get to answer: its status is the Lambda service's.
  const failure = causeOfText(facts.integrationError);
  if (failure !== null) return failure;
  if (facts.status === 429) return 'throttle.backend';
  return facts.status >= 500 ? 'backend.5xx' : 'backend.4xx';
}

function byPhase(facts: FailureFacts): CauseSlug | null {
  if (facts.wafResponseCode === 'WAF_BLOCK' || facts.wafStatus === '403') return 'waf.blocked';
  if (facts.authorizerError === undefined) return null;
  if (facts.status >= 500) return 'auth.authorizer-failed';
  return facts.status === 401 ? 'auth.unauthorized' : 'auth.denied';
}

function byStatus(facts: FailureFacts): CauseSlug {
  if (facts.validationError !== undefined) return 'client.validation';
  if (facts.status === 429) return 'throttle.unknown-level';
  if (facts.status >= 500 && facts.wafError !== undefined) return 'waf.failed';
  // An error message without a known text: API Gateway made the response, and did not say why.
  if (facts.status < 500 || facts.errorMessage === undefined) return 'unknown';
  // It answers 502 only where a function failed or returned nonsense.
  return facts.status === 502 ? 'integration.function-error' : 'gateway.internal';
}

/**
 * Tells why a request failed, from the response type, the phases, the messages and the backend's status;
 * never from the status alone, since gateway responses can be customised.
 *
 * @returns The cause, or `null` for a status below 400
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html}
 */
export function classifyCause(facts: FailureFacts): CauseSlug | null {
  if (facts.status < 400) return null;
  return byResponseType(facts) ?? byPhase(facts) ?? byBackend(facts) ?? byText(facts) ?? byStatus(facts);
}
