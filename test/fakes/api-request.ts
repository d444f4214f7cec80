import type { ApiRequest } from '#shared/domain/logs/access/request.ts';

/** A successful request to a REST stage, with the given differences. */
export function createApiRequest(differences: Partial<ApiRequest> = {}): ApiRequest {
  return {
    requestId: '00000000-0000-4000-8000-000000000001',
    extendedRequestId: null,
    apiId: 'a1b2c3',
    stage: 'prod',
    apiType: 'REST',
    method: 'GET',
    route: 'GET /orders',
    timeMs: Date.UTC(2026, 2, 2, 14),
    status: 200,
    responseLatencyMs: null,
    integrationLatencyMs: null,
    responseLengthBytes: null,
    integrationStatus: 200,
    cause: null,
    errorType: null,
    xrayTraceId: null,
    ...differences,
  };
}
