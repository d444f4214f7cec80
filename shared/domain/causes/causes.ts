/** Who has to act on a cause. */
type Side = 'client' | 'gateway' | 'backend';

type Cause = {
  /** A few words for a title. */
  readonly label: string;
  /** One sentence: what happened to the request. */
  readonly meaning: string;
  /** One sentence: what to do next. */
  readonly nextStep: string;
  readonly side: Side;
};

/**
 * Every cause of a failed request, with the words that documentation, command line and messages share.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html}
 */
export const CAUSES = {
  'client.validation': {
    label: 'requests that fail validation',
    meaning: 'The request validator refused parameters or body.',
    nextStep: 'Compare the validation message with the model; tell the client which field is wrong.',
    side: 'client',
  },
  'client.malformed': {
    label: 'malformed requests',
    meaning: 'The request could not be read: bad encoding, bad URL or headers that are too large.',
    nextStep: 'Look at the client that sends it; the API is not at fault.',
    side: 'client',
  },
  'client.unknown-route': {
    label: 'requests for unknown routes',
    meaning: 'No method, resource or route matches the request.',
    nextStep: 'Check path, method and stage in the client; after a deploy, check that no route went missing.',
    side: 'client',
  },
  'client.too-large': {
    label: 'payloads that are too large',
    meaning: 'The payload is above the 10 MB that API Gateway takes.',
    nextStep: 'Let the client upload to S3 with a presigned URL instead.',
    side: 'client',
  },
  'client.media-type': {
    label: 'unsupported media types',
    meaning: 'No mapping template takes the content type.',
    nextStep: 'Add a template for the content type or correct the header in the client.',
    side: 'client',
  },
  'auth.missing-token': {
    label: 'requests without credentials',
    meaning: 'The request carries no credentials although the route asks for them.',
    nextStep: 'Check that the client signs or authorizes its requests.',
    side: 'client',
  },
  'auth.unauthorized': {
    label: 'unauthorized requests',
    meaning: 'The authorizer did not accept the caller’s identity.',
    nextStep: 'Check expiry, issuer and audience of the token and the identity source of the authorizer.',
    side: 'client',
  },
  'auth.denied': {
    label: 'requests denied by a policy',
    meaning: 'The caller is known but a policy denies the call.',
    nextStep: 'Read the authorizer’s policy, the resource policy and the caller’s IAM policy.',
    side: 'client',
  },
  'auth.expired': {
    label: 'expired tokens',
    meaning: 'The caller’s token has expired.',
    nextStep: 'Let the client refresh its token earlier; compare clocks.',
    side: 'client',
  },
  'auth.signature': {
    label: 'wrong signatures',
    meaning: 'The request signature does not match.',
    nextStep: 'Check credentials, Region, service name and clock of the client.',
    side: 'client',
  },
  'auth.api-key': {
    label: 'missing or wrong API keys',
    meaning: 'The API key is missing, wrong or in no usage plan of the stage.',
    nextStep: 'Check the x-api-key header and that the key’s usage plan holds this stage.',
    side: 'client',
  },
  'auth.authorizer-failed': {
    label: 'authorizer failures',
    meaning: 'The authorizer itself failed or timed out.',
    nextStep: 'Read the log of the authorizer function; anything but "Unauthorized" it throws becomes a 500.',
    side: 'backend',
  },
  'auth.authorizer-misconfigured': {
    label: 'authorizer misconfigured',
    meaning: 'API Gateway cannot call the authorizer or cannot read what it returns.',
    nextStep: 'Check the permission to invoke the authorizer and the policy document it returns.',
    side: 'gateway',
  },
  'waf.blocked': {
    label: 'requests blocked by WAF',
    meaning: 'An AWS WAF rule blocked the request.',
    nextStep: 'Look up the rule in the web ACL’s sampled requests; exclude it if it hits real users.',
    side: 'client',
  },
  'waf.failed': {
    label: 'WAF not available',
    meaning: 'AWS WAF could not be evaluated.',
    nextStep: 'Check the AWS Health dashboard and the web ACL’s capacity.',
    side: 'gateway',
  },
  'throttle.usage-plan': {
    label: 'usage plan rate exceeded',
    meaning: 'The client is above the rate of its usage plan.',
    nextStep: 'Raise the plan’s rate or let the client back off.',
    side: 'client',
  },
  'throttle.quota': {
    label: 'usage plan quota used up',
    meaning: 'The client has used up the quota of its usage plan.',
    nextStep: 'Raise the plan’s quota or wait for the next period.',
    side: 'client',
  },
  'throttle.method': {
    label: 'stage or method limit exceeded',
    meaning: 'The stage’s or method’s own limit refused the request.',
    nextStep: 'Raise the limit if the backend can take more.',
    side: 'gateway',
  },
  'throttle.account': {
    label: 'account throttle exceeded',
    meaning: 'The account throttle, which all APIs of the Region share, refused the request.',
    nextStep: 'Limit the API that takes the quota, or raise quota L-8A5B8E43.',
    side: 'gateway',
  },
  'throttle.unknown-level': {
    label: 'throttled requests (429)',
    meaning: 'API Gateway refused the request with 429; the access log does not say at which level.',
    nextStep: 'Compare with the account’s headroom; execution logs at level ERROR name the level.',
    side: 'gateway',
  },
  'throttle.backend': {
    label: 'backend throttles (429)',
    meaning: 'The backend answered 429 itself.',
    nextStep: 'Look at the backend’s own limits.',
    side: 'backend',
  },
  'integration.timeout': {
    label: 'integration timeouts (504)',
    meaning: 'The integration did not answer within its timeout, 29 s by default.',
    nextStep: 'Find what is slow behind it; answer early and go on in the background, or raise the timeout.',
    side: 'backend',
  },
  'integration.network': {
    label: 'network errors to the integration',
    meaning: 'API Gateway could not connect to the integration: refused, closed, TLS or DNS.',
    nextStep: 'Check the endpoint, its certificate and the targets of the VPC link.',
    side: 'backend',
  },
  'integration.function-error': {
    label: 'Lambda function errors',
    meaning: 'The Lambda function threw, crashed or timed out.',
    nextStep: 'Open the function’s log at this time; compare with its last deploy.',
    side: 'backend',
  },
  'integration.malformed-response': {
    label: 'malformed Lambda responses',
    meaning: 'The Lambda function returned something that is no proxy response.',
    nextStep: 'Return {statusCode, headers, body} with body as a string.',
    side: 'backend',
  },
  'integration.permission': {
    label: 'no permission to call the integration',
    meaning: 'API Gateway may not call the integration.',
    nextStep: 'Add lambda:InvokeFunction for this API, or correct the integration’s role.',
    side: 'gateway',
  },
  'integration.concurrency': {
    label: 'Lambda out of concurrency',
    meaning: 'The Lambda function or the account ran out of concurrency.',
    nextStep: 'Look at the function’s Throttles metric; raise its reserved or the account’s concurrency.',
    side: 'backend',
  },
  'integration.unavailable': {
    label: 'integration unavailable',
    meaning: 'The integration’s service is unavailable.',
    nextStep: 'Check the targets behind the VPC link or load balancer and the AWS Health dashboard.',
    side: 'backend',
  },
  'gateway.configuration': {
    label: 'API configuration errors',
    meaning: 'The API is configured wrongly: mapping, endpoint address or method response.',
    nextStep: 'Compare with the last deployment; execution logs at level ERROR name the mapping.',
    side: 'gateway',
  },
  'gateway.internal': {
    label: 'API Gateway internal errors',
    meaning: 'API Gateway failed for a reason it does not log.',
    nextStep: 'Check the AWS Health dashboard; open a case with the extended request id.',
    side: 'gateway',
  },
  'backend.4xx': {
    label: 'backend 4xx',
    meaning: 'The backend itself answered with a 4xx status.',
    nextStep: 'Ask the owner of the backend; API Gateway only passed the status on.',
    side: 'backend',
  },
  'backend.5xx': {
    label: 'backend 5xx',
    meaning: 'The backend itself answered with a 5xx status.',
    nextStep: 'Open the backend’s log at this time; API Gateway only passed the status on.',
    side: 'backend',
  },
  unknown: {
    label: 'failures of unknown cause',
    meaning: 'The log line does not say why the request failed.',
    nextStep: 'Add $context.error.responseType and $context.integration.status to the access-log format.',
    side: 'gateway',
  },
} as const satisfies Record<string, Cause>;

/** The slug of a cause: `family.detail`, or `unknown`. */
export type CauseSlug = keyof typeof CAUSES;

/** The closed list of slugs, in the order of the documentation; metrics are read by it. */
export const CAUSE_SLUGS = Object.keys(CAUSES) as CauseSlug[];

/** True for a 429 that API Gateway made itself, at whichever level; false for a backend's 429. */
export function isGatewayThrottle(cause: CauseSlug | null): boolean {
  return cause?.startsWith('throttle.') === true && cause !== 'throttle.backend';
}

/** Causes that end in a 5xx unless the gateway response was customised: those that can explain server errors. */
export const SERVER_CAUSE_SLUGS: readonly CauseSlug[] = CAUSE_SLUGS.filter(
  (slug) =>
    slug.startsWith('integration.') ||
    slug.startsWith('gateway.') ||
    slug.startsWith('auth.authorizer-') ||
    slug === 'backend.5xx' ||
    slug === 'waf.failed' ||
    slug === 'unknown',
);
