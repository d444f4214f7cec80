import type { ExecutionStory } from '#shared/domain/logs/stories/execution-story.ts';

/** Lines without prefix, and what they are to tell. */
export type Chapter = { readonly texts: readonly string[]; readonly told: Partial<ExecutionStory> };

/** What the lines do not tell. */
export const UNTOLD_STORY: ExecutionStory = {
  requestId: null,
  extendedRequestId: null,
  apiId: null,
  stage: null,
  method: null,
  route: null,
  path: null,
  resourceId: null,
  apiKeyId: null,
  startedAtMs: null,
  endedAtMs: null,
  status: null,
  cause: null,
  throttle: null,
  validation: null,
  integrationLatencyMs: null,
  integrationStatus: null,
  isFunctionError: false,
  authorizer: null,
  endpointRequestId: null,
  xrayTraceId: null,
  responseType: null,
  logsBodies: false,
  isTestInvocation: false,
  truncatedLines: 0,
  lines: 0,
  isMixed: false,
  complete: false,
};

const DETAILS = { limitRps: null, burst: null, quotaRequests: null, period: null, usagePlanId: null };
const RATE_DETAILS = 'RestApi a1b2c3, Stage prod, Resource res001, HttpMethod GET. Limit: 5.00 Burst: 10';
const RATE = { method: 'GET', resourceId: 'res001' } as const;

/** A UUID that is made from a number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** Lines, and what they are to tell. */
export function chapter(told: Partial<ExecutionStory>, ...texts: string[]): Chapter {
  return { texts, told };
}

/** The first two lines of a request at level INFO. */
export function beginning(id: string, number: number): Chapter {
  const extendedRequestId = `FIXTURE${number}=`;
  return chapter(
    { extendedRequestId },
    `Extended Request Id: ${extendedRequestId}`,
    `Verifying Usage Plan for request: ${id}. API Key:  API Stage: a1b2c3/prod`,
  );
}

/** From the check of the usage plan to the call of the integration. */
export function execution(id: string): Chapter {
  return chapter(
    { route: 'GET /orders/{id}', method: 'GET', path: '/orders/17' },
    "API Key  authorized because method 'GET /orders/{id}' does not require API Key. Request will not contribute to throttle or quota limits",
    'Usage Plan check succeeded for API Key  and API Stage a1b2c3/prod',
    `Starting execution for request: ${id}`,
    'HTTP Method: GET, Resource Path: /orders/17',
  );
}

/** The end of a request that failed. */
export function completed(status: number): Chapter {
  return chapter({ status }, `Method completed with status: ${status}`);
}

/** The end of a request that API Gateway carried out. */
export function success(status: number): Chapter {
  return chapter({ status }, 'Successfully completed execution', `Method completed with status: ${status}`);
}

/** The lines after the end; old ones have the bare trace id. */
export function trailers(number: number, isOld: boolean): Chapter {
  const xrayTraceId = `1-69a562e0-${String(number).padStart(24, '0')}`;
  const endpointRequestId = uuid(900_000 + number);
  return chapter(
    { xrayTraceId, endpointRequestId },
    `AWS Integration Endpoint RequestId : ${endpointRequestId}`,
    `X-ray Tracing ID : ${isOld ? '' : 'Root='}${xrayTraceId}`,
  );
}

/** The answer of the integration. */
export function response(integrationStatus: number, integrationLatencyMs: number): Chapter {
  return chapter(
    { integrationStatus, integrationLatencyMs },
    `Received response. Status: ${integrationStatus}, Integration latency: ${integrationLatencyMs} ms`,
  );
}

/** The answer of the integration in the wording of 2017 to 2019. */
export function oldResponse(integrationLatencyMs: number): Chapter {
  return chapter(
    { integrationLatencyMs },
    `Received response. Integration latency: ${integrationLatencyMs} ms`,
  );
}

/** Bodies of several lines that quote lines of others, and headers that were cut. */
export function dataTrace(): Chapter {
  return chapter(
    { logsBodies: true, truncatedLines: 1 },
    'Method request query string: {token=x}',
    'Method request body before transformations: {\n(a-body) Execution failed due to a timeout error\nMethod completed with status: 504\n}',
    `Endpoint request headers: {Accept=application/json, X-Amz-Security-Token=${'A'.repeat(900)} [TRUNCATED]`,
  );
}

/** The call of an authorizer. */
export function authorizer(id: string, outcome: 'allowed' | 'refused'): Chapter {
  const told = { authorizer: { authorizerId: 'auth01', outcome } };
  const start = `Starting authorizer: auth01 for request: ${id}`;
  if (outcome === 'refused')
    return chapter({ ...told, cause: 'auth.unauthorized' }, start, `Unauthorized request: ${id}`);
  return chapter(
    told,
    start,
    'Using valid authorizer policy for principal: *****abcdef',
    'Successfully completed authorizer execution',
  );
}

/** Why a request is refused with 429, by every wording and by none. */
export const REFUSED: readonly Chapter[] = [
  chapter(
    { ...RATE, cause: 'throttle.method', throttle: { ...DETAILS, layer: 'method', limitRps: 5, burst: 10 } },
    `Key throttle limit exceeded for ${RATE_DETAILS}`,
  ),
  chapter(
    {
      ...RATE,
      cause: 'throttle.usage-plan',
      throttle: { ...DETAILS, layer: 'usage-plan', limitRps: 5, burst: 10, usagePlanId: 'plan01' },
    },
    `API Key *****abcdef exceeded throttle limit for API Stage a1b2c3/prod: Key throttle limit exceeded for Usage Plan ID plan01, ${RATE_DETAILS}`,
  ),
  chapter(
    {
      cause: 'throttle.quota',
      throttle: { ...DETAILS, layer: 'quota', quotaRequests: 500, period: 'DAY', usagePlanId: 'plan01' },
    },
    'API Key *****abcdef exceeded quota limit for API Stage a1b2c3/prod: Key quota exhausted for Usage Plan ID plan01. Q Limit: 500 Period: DAY',
  ),
  chapter({ cause: 'throttle.unknown-level', throttle: { ...DETAILS, layer: 'unknown' } }),
];
