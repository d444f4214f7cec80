import type { CauseSlug } from '#shared/domain/causes/causes.ts';

type KnownText = readonly [pattern: RegExp, cause: CauseSlug];

/** What failed between API Gateway and the integration; most telling first. */
const INTEGRATION_TEXTS: readonly KnownText[] = [
  // What follows is the function's own text, so it must not get to the others.
  [
    /^(?:Lambda Customer Function Error|The Lambda function returned the following error)\b/i,
    'integration.function-error',
  ],
  [/Endpoint request timed out|due to a timeout error/i, 'integration.timeout'],
  [/network error communicating with endpoint/i, 'integration.network'],
  [/Malformed Lambda proxy response/i, 'integration.malformed-response'],
  [/Rate Exceeded|invocation failed with status: 429/i, 'integration.concurrency'],
  [/Invalid permissions on|have permissions? to (?:call|assume)/i, 'integration.permission'],
  [/invalid method response|configuration error/i, 'gateway.configuration'],
];

/** Only in what an integration reports: of the caller, the same words tell something else. */
const INTEGRATION_ONLY_TEXTS: readonly KnownText[] = [
  [/not authorized to perform/i, 'integration.permission'],
];

/** What API Gateway refused by itself; most telling first. */
const GATEWAY_TEXTS: readonly KnownText[] = [
  [/evaluating the AWS WAF rules|WAF call got timed out/i, 'waf.failed'],
  [/^Invalid request body$|^Missing required request parameters/i, 'client.validation'],
  [/^Too Many Requests$/i, 'throttle.unknown-level'],
  [/^Limit Exceeded$/i, 'throttle.quota'],
  [/^Not Found$/i, 'client.unknown-route'],
  [/^Service Unavailable$/i, 'integration.unavailable'],
  [/^Unauthorized$/i, 'auth.unauthorized'],
  [/token.{0,50} (?:has|is) expired/i, 'auth.expired'],
  [/signature|request for the IAM Authorizer doesn't match/i, 'auth.signature'],
  [/not authorized to|explicit deny/i, 'auth.denied'],
  [/missing equal-sign|Authorization header/i, 'auth.signature'],
  [/content length exceeded|Request Too Long|entity too large/i, 'client.too-large'],
  [/Unsupported Media Type/i, 'client.media-type'],
  [/URI too long/i, 'client.malformed'],
];

function find(texts: readonly KnownText[], text: string | undefined): CauseSlug | null {
  if (text === undefined) return null;
  return texts.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

const OF_INTEGRATION = [...INTEGRATION_TEXTS, ...INTEGRATION_ONLY_TEXTS];
const OF_GATEWAY = [...INTEGRATION_TEXTS, ...GATEWAY_TEXTS];

/**
 * What `$context.integration.error` tells.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html}
 */
export function causeOfIntegrationError(text: string | undefined): CauseSlug | null {
  return find(OF_INTEGRATION, text);
}

/** What `$context.error.message`, or the error of a phase, tells. The texts are API Gateway's own. */
export function causeOfGatewayText(text: string | undefined): CauseSlug | null {
  return find(OF_GATEWAY, text);
}
