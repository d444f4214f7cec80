import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import { byAuthorizer, byPhase, byWaf } from '#shared/domain/causes/classify-phase.ts';
import type { FailureFacts } from '#shared/domain/causes/failure-facts.ts';
import { causeOfGatewayText, causeOfIntegrationError } from '#shared/domain/causes/failure-texts.ts';

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

/** What a status means where API Gateway made the response. */
const CAUSE_BY_STATUS: Readonly<Record<number, CauseSlug>> = {
  400: 'client.malformed',
  404: 'client.unknown-route',
  413: 'client.too-large',
  414: 'client.malformed',
  415: 'client.media-type',
  429: 'throttle.unknown-level',
  431: 'client.malformed',
};

/** Statuses of the limits that API Gateway checks before it calls an integration; their lines may say nothing else. */
const LIMIT_STATUSES: ReadonlySet<number> = new Set([413, 414, 429, 431]);

/**
 * AWS names the response after a missing token, but on a wrong path or method it is what the client gets.
 * A line that names its resource did match one, so there the credentials were missing.
 */
function missingToken(facts: FailureFacts): CauseSlug {
  return facts.resourcePath === undefined ? 'client.unknown-route' : 'auth.missing-token';
}

function byText(facts: FailureFacts): CauseSlug | null {
  if (/^Missing Authentication Token$/i.test(facts.errorMessage ?? '')) return missingToken(facts);
  // The integration's error is the more exact of the two.
  return (
    causeOfIntegrationError(facts.integrationError) ??
    causeOfGatewayText(facts.errorMessage) ??
    causeOfGatewayText(facts.wafError)
  );
}

function serviceStatusOf({ integrationServiceStatus }: FailureFacts): number | null {
  return /^[1-5]\d\d$/.test(integrationServiceStatus ?? '') ? Number(integrationServiceStatus) : null;
}

/**
 * What the status of the service that runs the integration tells, where it is not the client's: for Lambda that of
 * Invoke, which stays 200 whatever the function does.
 */
function byService(serviceStatus: number, status: number): CauseSlug | null {
  if (status < 500) return null;
  if (serviceStatus === 403) return 'integration.permission';
  if (serviceStatus === 429) return 'integration.concurrency';
  if (serviceStatus >= 500) return 'integration.unavailable';
  return null;
}

/** `INTEGRATION_FAILURE` covers function errors and broken responses (502), and the network (504). */
function integrationFailure(facts: FailureFacts): CauseSlug {
  const { status, integrationStatus } = facts;
  const told = byText(facts);
  if (told !== null) return told;
  const serviceStatus = serviceStatusOf(facts) ?? integrationStatus;
  const service = serviceStatus === null ? null : byService(serviceStatus, 500);
  if (service !== null) return service;
  if (status === 503) return 'integration.unavailable';
  // 504 is the documented default; a function that fails or answers nonsense is a 502 in practice.
  return status === 504 ? 'integration.network' : 'integration.function-error';
}

/** API Gateway made the response and names a reason that is too general. */
function byGeneralType(facts: FailureFacts, type: string): CauseSlug {
  const told = byText(facts) ?? byAuthorizer(facts) ?? byPhase(facts);
  if (told !== null) return told;
  if (type === 'API_CONFIGURATION_ERROR') return 'gateway.configuration';
  const { status, wafError } = facts;
  if (status >= 500) return wafError === undefined ? 'gateway.internal' : 'waf.failed';
  if (status === 401) return 'auth.unauthorized';
  if (status === 403) return 'auth.denied';
  return CAUSE_BY_STATUS[status] ?? 'unknown';
}

function byResponseType(facts: FailureFacts): CauseSlug | null {
  const type = facts.errorType?.toUpperCase();
  if (type === undefined) return null;
  if (type === 'INTEGRATION_FAILURE') return integrationFailure(facts);
  if (type === 'MISSING_AUTHENTICATION_TOKEN') return missingToken(facts);
  return CAUSE_BY_RESPONSE_TYPE[type] ?? byGeneralType(facts, type);
}

/**
 * The integration was called. A format may carry its own status, that of the service that runs it, or either under
 * the other's name; where the only one differs from the client's, it is the service's.
 */
function byIntegration(facts: FailureFacts): CauseSlug | null {
  const { status, errorMessage } = facts;
  const answered = facts.integrationStatus ?? serviceStatusOf(facts);
  if (answered === null) return null;
  // A gateway error message means that API Gateway made the response, whatever the integration said; unless that is
  // what the client got: some formats call another text a message.
  if (errorMessage !== undefined && answered !== status) return null;
  // An integration's own error means that the backend did not get to answer.
  const failure = causeOfIntegrationError(facts.integrationError);
  if (failure !== null) return failure;
  if (answered !== status) {
    const service = byService(answered, status);
    if (service !== null) return service;
    // Lambda ran the function; API Gateway answers 502 to what failed in it or is no response.
    if (status === 502) return 'integration.function-error';
  }
  if (status === 429) return 'throttle.backend';
  return status >= 500 ? 'backend.5xx' : 'backend.4xx';
}

/** Nothing names the reason: what is left is the status, and whether API Gateway made the response. */
function byStatus(facts: FailureFacts): CauseSlug {
  const { status, errorMessage, validationError, wafError } = facts;
  if (validationError !== undefined) return 'client.validation';
  if (status >= 500 && wafError !== undefined) return 'waf.failed';
  const isGateways = errorMessage !== undefined;
  if (status < 500) {
    return isGateways || LIMIT_STATUSES.has(status) ? (CAUSE_BY_STATUS[status] ?? 'unknown') : 'unknown';
  }
  if (!isGateways) return 'unknown';
  // It answers 502 only where a function failed or returned nonsense.
  return status === 502 ? 'integration.function-error' : 'gateway.internal';
}

/**
 * Tells why a request failed, from the response type, the phases, the messages and the integration's status. The status
 * alone tells it only of limits that API Gateway checks before it calls an integration: gateway responses can be
 * customised.
 *
 * @returns The cause, or `null` for a status below 400, whatever the response type: who customises a response to a
 * success means one, and AWS's own error metrics count the customised status as well
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html}
 */
export function classifyCause(facts: FailureFacts): CauseSlug | null {
  if (facts.status < 400) return null;
  return (
    byWaf(facts) ??
    byResponseType(facts) ??
    byAuthorizer(facts) ??
    byIntegration(facts) ??
    byText(facts) ??
    byPhase(facts) ??
    byStatus(facts)
  );
}
