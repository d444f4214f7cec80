import { describe, expect, it } from 'vitest';
import { joinRequest, matchRequest } from '#shared/domain/logs/joined/join-request.ts';
import { createParsedRequest } from '#test/fakes/parsed-request.ts';

const ids = { requestId: 'r1', extendedRequestId: 'e1=', apiId: 'a1b2c3', stage: 'prod' };

describe('joinRequest()', () => {
  it('joinRequest() takes from execution lines what the access line does not say', () => {
    const request = createParsedRequest({
      requestId: 'r1',
      status: 429,
      cause: 'throttle.unknown-level',
      complete: true,
    });
    const story = createParsedRequest({
      ...ids,
      status: 429,
      path: '/orders/17',
      cause: 'throttle.usage-plan',
      throttleLayer: 'usage-plan',
      throttleLimitRps: 5,
      usagePlanId: 'plan01',
      logsBodies: false,
    });

    expect(joinRequest(request, story)).toEqual({ ...story, complete: true });
  });

  it('joinRequest() leaves what the access line says', () => {
    const request = createParsedRequest({
      ...ids,
      status: 502,
      integrationStatus: 502,
      integrationLatencyMs: 0,
      method: 'GET',
      timeMs: 1,
    });
    const story = createParsedRequest({
      ...ids,
      status: 200,
      integrationStatus: 200,
      integrationLatencyMs: 7,
      method: 'POST',
      timeMs: 2,
    });

    expect(joinRequest(request, story)).toEqual(request);
  });

  it.each([
    ['throttle.unknown-level', 'throttle.quota', 'throttle.quota'],
    ['integration.function-error', 'integration.malformed-response', 'integration.malformed-response'],
    ['integration.function-error', 'gateway.configuration', 'gateway.configuration'],
    ['gateway.internal', 'integration.concurrency', 'integration.concurrency'],
    ['unknown', 'throttle.unknown-level', 'throttle.unknown-level'],
    ['unknown', null, 'unknown'],
    ['backend.4xx', 'unknown', 'backend.4xx'],
    ['waf.blocked', 'auth.denied', 'waf.blocked'],
    ['auth.expired', 'auth.unauthorized', 'auth.expired'],
    ['throttle.quota', 'throttle.usage-plan', 'throttle.quota'],
    [null, 'integration.timeout', null],
  ] as const)('joinRequest() makes of %s and %s the cause %s', (cause, told, joined) => {
    const request = createParsedRequest({ status: cause === null ? 200 : 500, cause });

    expect(joinRequest(request, createParsedRequest({ cause: told })).cause).toBe(joined);
  });
});

describe('matchRequest()', () => {
  it.each([
    ['the same ids', ids, ids, 'by-extended-id'],
    ['the same extended id, and another id', ids, { ...ids, requestId: 'r2' }, 'by-extended-id'],
    ['the extended id as id, as WebSocket APIs have it', ids, { requestId: 'e1=' }, 'by-extended-id'],
    ['the same id, and another extended one', ids, { ...ids, extendedRequestId: 'e2=' }, 'no'],
    ['the same id, and no extended one', ids, { requestId: 'r1' }, 'by-id'],
    ['the same id in another stage', ids, { requestId: 'r1', stage: 'dev' }, 'no'],
    ['the same extended id in another API', ids, { ...ids, apiId: 'other' }, 'no'],
    ['no ids', {}, {}, 'no'],
    ['another id', ids, { requestId: 'r2' }, 'no'],
  ] as const)('matchRequest() judges %s', (_, request, story, match) => {
    expect(matchRequest(createParsedRequest(request), createParsedRequest(story))).toBe(match);
  });
});
