import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';

const UNTOLD: ParsedRequest = {
  requestId: null,
  extendedRequestId: null,
  apiId: null,
  stage: null,
  apiType: null,
  method: null,
  route: null,
  path: null,
  status: null,
  timeMs: null,
  responseLatencyMs: null,
  integrationLatencyMs: null,
  responseLengthBytes: null,
  integrationStatus: null,
  cause: null,
  errorType: null,
  errorMessage: null,
  xrayTraceId: null,
  complete: false,
  throttleLayer: null,
  throttleLimitRps: null,
  usagePlanId: null,
  apiKeyId: null,
  authorizer: null,
  endpointRequestId: null,
  logsBodies: null,
};

/** All fields in the order in which they are printed. */
export const PARSED_FIELDS = Object.keys(UNTOLD);

/** A request of which nothing is known but what is given. */
export function createParsedRequest(told: Partial<ParsedRequest> = {}): ParsedRequest {
  return { ...UNTOLD, ...told };
}
