import { describe, expect, it } from 'vitest';
import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';
import { parseAccessLog } from '#shared/domain/logs/access/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import type { Outcome, SimulatedRequest } from '#shared/domain/simulation/simulate-requests.ts';
import { writeAccessLogLine } from '#shared/domain/simulation/write-access-log-line.ts';

const TIME_MS = Date.UTC(2026, 2, 2, 14);

function createRequest(outcome: Outcome, apiType: InventoryItem['apiType'] = 'REST'): SimulatedRequest {
  const route = { method: 'GET', path: '/orders/{id}', share: 1, medianMs: 40 };
  const item = {
    ...unlistedStage({ apiId: 'a1b2c3', stage: apiType === 'HTTP' ? '$default' : 'prod' }),
    apiType,
  };
  return {
    stage: { item, meanRps: 1, routes: [route] },
    route,
    timeMs: TIME_MS,
    outcome,
    integrationLatencyMs: outcome === 'ok' ? 38 : null,
    responseLatencyMs: 42,
  };
}

function readBack(request: SimulatedRequest, index = 7) {
  const parsed = parseAccessLog(
    createReadAccessLogLine(),
    writeAccessLogLine(request, '123456789012', index),
    0,
  );
  if (!parsed.ok) throw new Error(`Rejected: ${parsed.reason}`);
  return parsed.request;
}

describe('writeAccessLogLine()', () => {
  it('writeAccessLogLine() writes a REST request that is read back the same', () => {
    expect(readBack(createRequest('ok'))).toEqual({
      requestId: '00000000-0000-4000-8000-000000000007',
      extendedRequestId: 'SIM000000000007=',
      apiId: 'a1b2c3',
      stage: 'prod',
      apiType: 'REST',
      method: 'GET',
      route: 'GET /orders/{id}',
      timeMs: TIME_MS,
      status: 200,
      responseLatencyMs: 42,
      integrationLatencyMs: 38,
      responseLengthBytes: 512,
      integrationStatus: 200,
      cause: null,
      errorType: null,
      xrayTraceId: null,
    });
  });

  it('writeAccessLogLine() writes an HTTP request with its route and without what only REST has', () => {
    const line = writeAccessLogLine(createRequest('ok', 'HTTP'), '123456789012', 7);

    expect(readBack(createRequest('ok', 'HTTP'))).toMatchObject({
      requestId: 'SIM000000000007=',
      apiType: 'HTTP',
      stage: '$default',
      route: 'GET /orders/{id}',
    });
    expect(line).not.toMatch(/waf|xray|validation|apiKey|resourcePath/);
  });

  it.each([
    ['ok', 200, null],
    ['not-found', 403, 'client.unknown-route'],
    ['unauthorized', 401, 'auth.unauthorized'],
    ['throttled', 429, 'throttle.unknown-level'],
    ['function-error', 502, 'integration.function-error'],
    ['timeout', 504, 'integration.timeout'],
  ] as const)('writeAccessLogLine() writes %s as status %i with cause %s', (outcome, status, cause) => {
    expect(readBack(createRequest(outcome))).toMatchObject({ status, cause });
  });

  it('writeAccessLogLine() writes no route where none matched', () => {
    expect(readBack(createRequest('not-found')).route).toBeNull();
  });

  it('writeAccessLogLine() writes every value as text on one line, as API Gateway does', () => {
    const line = writeAccessLogLine(createRequest('timeout'), '123456789012', 0);

    expect(line).not.toContain('\n');
    expect(Object.values(JSON.parse(line)).every((value) => typeof value === 'string')).toBe(true);
  });

  it('writeAccessLogLine() gives each request ids of its own', () => {
    const ids = [0, 1, 255, 4_096].map((index) => readBack(createRequest('ok'), index).requestId);

    expect(new Set(ids).size).toBe(4);
  });
});
