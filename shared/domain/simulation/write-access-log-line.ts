import type { Outcome, SimulatedRequest } from '#shared/domain/simulation/simulate-requests.ts';

type Ending = {
  readonly status: number;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly integrationStatus: string;
  readonly integrationServiceStatus: string;
  readonly integrationError: string;
  readonly responseLength: number;
};

const NO_ERROR = { errorType: '-', errorMessage: '-', integrationError: '-' };
const NOT_CALLED = { integrationStatus: '-', integrationServiceStatus: '-', integrationError: '-' };

/** The access log tells no usage plan from the account throttle. */
const TOO_MANY_REQUESTS: Ending = {
  ...NOT_CALLED,
  status: 429,
  errorType: 'THROTTLED',
  errorMessage: 'Too Many Requests',
  responseLength: 33,
};

/** What API Gateway logs for each ending; `-` stands for a variable without value. */
const ENDINGS: Readonly<Record<Outcome, Ending>> = {
  ok: {
    ...NO_ERROR,
    status: 200,
    integrationStatus: '200',
    integrationServiceStatus: '200',
    responseLength: 512,
  },
  'not-found': {
    ...NOT_CALLED,
    status: 403,
    errorType: 'MISSING_AUTHENTICATION_TOKEN',
    errorMessage: 'Missing Authentication Token',
    responseLength: 42,
  },
  unauthorized: {
    ...NOT_CALLED,
    status: 401,
    errorType: 'UNAUTHORIZED',
    errorMessage: 'Unauthorized',
    responseLength: 26,
  },
  throttled: TOO_MANY_REQUESTS,
  'over-plan': TOO_MANY_REQUESTS,
  'function-error': {
    status: 502,
    errorType: 'INTEGRATION_FAILURE',
    errorMessage: 'Internal server error',
    integrationStatus: '-',
    integrationServiceStatus: '200',
    integrationError: 'Lambda Customer Function Error:TypeError',
    responseLength: 36,
  },
  timeout: {
    status: 504,
    errorType: 'INTEGRATION_TIMEOUT',
    errorMessage: 'Endpoint request timed out',
    integrationStatus: '-',
    integrationServiceStatus: '-',
    integrationError: 'Execution failed due to a timeout error',
    responseLength: 41,
  },
};

/** The ids of a request by its number in the log. They count up: nobody takes them for real ones, and logs of them pack well. */
export function requestIds(apiType: string, index: number): { requestId: string; extendedRequestId: string } {
  const hex = index.toString(16).padStart(12, '0');
  const extendedRequestId = `SIM${hex}=`;
  return {
    requestId: apiType === 'HTTP' ? extendedRequestId : `00000000-0000-4000-8000-${hex}`,
    extendedRequestId,
  };
}

function text(value: number | null): string {
  return value === null ? '-' : String(value);
}

/** A route that matched nothing leaves its variable without value. */
function routeFields({ stage, route, outcome }: SimulatedRequest): Record<string, string> {
  if (stage.item.apiType === 'HTTP') {
    return {
      routeKey: outcome === 'not-found' ? '-' : `${route.method} ${route.path}`,
      httpMethod: route.method,
    };
  }
  return { resourcePath: outcome === 'not-found' ? '-' : route.path, httpMethod: route.method };
}

/** Variables that only REST APIs have. */
function restFields({ outcome }: SimulatedRequest): Record<string, string> {
  return {
    validationError: '-',
    authorizerStatus: outcome === 'unauthorized' ? '401' : '-',
    authorizerLatency: '-',
    authorizeStatus: '-',
    authenticateStatus: '-',
    wafStatus: '-',
    wafLatency: '-',
    wafResponseCode: '-',
    apiKeyId: '-',
    xrayTraceId: '-',
  };
}

/**
 * Writes a simulated request in the format that docs/log-formats.md recommends, as API Gateway would.
 *
 * @param index - Number of the request in its log, which its ids are made of
 */
export function writeAccessLogLine(request: SimulatedRequest, accountId: string, index: number): string {
  const { stage, timeMs, outcome, integrationLatencyMs, responseLatencyMs } = request;
  const { apiId, apiType, stage: stageName } = stage.item;
  const ending = ENDINGS[outcome];
  return JSON.stringify({
    ...requestIds(apiType, index),
    accountId,
    apiId,
    stage: stageName,
    ...routeFields(request),
    requestTimeEpoch: String(timeMs),
    status: String(ending.status),
    responseLength: String(ending.responseLength),
    responseLatency: String(responseLatencyMs),
    integrationLatency: text(integrationLatencyMs),
    integrationStatus: ending.integrationStatus,
    integrationServiceStatus: ending.integrationServiceStatus,
    integrationError: ending.integrationError,
    integrationRequestId: '-',
    errorType: ending.errorType,
    errorMessage: ending.errorMessage,
    authorizerError: '-',
    ...(apiType === 'REST' && restFields(request)),
  });
}
