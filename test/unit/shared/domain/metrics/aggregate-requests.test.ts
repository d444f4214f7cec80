import { describe, expect, it } from 'vitest';
import { addRequest, createAggregate } from '#shared/domain/metrics/aggregate-requests.ts';
import { distributionCount } from '#shared/domain/metrics/latency-distribution.ts';
import { inOrder } from '#shared/domain/metrics/time-series.ts';
import { createApiRequest } from '#test/fakes/api-request.ts';

const MINUTE_MS = Date.UTC(2026, 2, 2, 14);
const PROD = { apiId: 'a1b2c3', stage: 'prod' };
const DEV = { apiId: 'a1b2c3', stage: 'dev' };

function aggregate(...requests: [typeof PROD, Parameters<typeof createApiRequest>[0]][]) {
  const counted = createAggregate();
  for (const [id, differences] of requests) addRequest(counted, id, createApiRequest(differences));
  return counted;
}

describe('addRequest()', () => {
  it('addRequest() counts each second of the requests’ own time, for the account and per stage', () => {
    const counted = aggregate(
      [PROD, { timeMs: MINUTE_MS }],
      [PROD, { timeMs: MINUTE_MS + 999 }],
      [PROD, { timeMs: MINUTE_MS + 1_000 }],
      [DEV, { timeMs: MINUTE_MS + 1_999 }],
    );

    expect(inOrder(counted.seconds)).toEqual([
      [MINUTE_MS, { requests: 2, throttled: 0 }],
      [MINUTE_MS + 1_000, { requests: 2, throttled: 0 }],
    ]);
    expect([...counted.stages.keys()]).toEqual(['a1b2c3/prod', 'a1b2c3/dev']);
    expect(counted.stages.get('a1b2c3/dev')?.seconds.entries).toEqual(
      new Map([[MINUTE_MS + 1_000, { requests: 1, throttled: 0 }]]),
    );
  });

  it('addRequest() counts the 429s that API Gateway made as throttled, and not the backend’s', () => {
    const counted = aggregate(
      [PROD, { status: 429, cause: 'throttle.unknown-level' }],
      [PROD, { status: 429, cause: 'throttle.quota' }],
      [PROD, { status: 429, cause: 'throttle.backend' }],
      [PROD, { status: 200, cause: null }],
    );

    expect(counted.seconds.entries.get(MINUTE_MS)).toEqual({ requests: 4, throttled: 2 });
    expect(counted.stages.get('a1b2c3/prod')?.seconds.entries.get(MINUTE_MS)).toEqual({
      requests: 4,
      throttled: 2,
    });
  });

  it.each([
    [399, 0, 0],
    [400, 1, 0],
    [499, 1, 0],
    [500, 0, 1],
    [599, 0, 1],
  ])(
    'addRequest() counts status %i as %i client and %i server errors',
    (status, clientErrors, serverErrors) => {
      const counted = aggregate([PROD, { status }]);

      expect(counted.stages.get('a1b2c3/prod')?.minutes.entries.get(MINUTE_MS)).toMatchObject({
        clientErrors,
        serverErrors,
      });
      expect(counted.statuses).toEqual(new Map([[status, 1]]));
    },
  );

  it('addRequest() counts causes per minute, also the first and last millisecond of one', () => {
    const counted = aggregate(
      [PROD, { timeMs: MINUTE_MS, status: 502, cause: 'integration.function-error' }],
      [PROD, { timeMs: MINUTE_MS + 59_999, status: 502, cause: 'integration.function-error' }],
      [PROD, { timeMs: MINUTE_MS + 60_000, status: 403, cause: 'waf.blocked' }],
    );

    const minutes = counted.stages.get('a1b2c3/prod')?.minutes.entries;
    expect(minutes?.get(MINUTE_MS)?.causes).toEqual(new Map([['integration.function-error', 2]]));
    expect(minutes?.get(MINUTE_MS + 60_000)?.causes).toEqual(new Map([['waf.blocked', 1]]));
  });

  it('addRequest() takes a latency of 0 for one, and an absent one for none', () => {
    const counted = aggregate(
      [PROD, { responseLatencyMs: 0, integrationLatencyMs: null }],
      [PROD, { responseLatencyMs: 12, integrationLatencyMs: 7 }],
    );

    const minute = counted.stages.get('a1b2c3/prod')?.minutes.entries.get(MINUTE_MS);
    expect(minute && distributionCount(minute.latency)).toBe(2);
    expect(minute && distributionCount(minute.integrationLatency)).toBe(1);
    expect(minute?.latency.min).toBe(0);
  });
});
