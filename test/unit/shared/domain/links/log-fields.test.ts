import { describe, expect, it } from 'vitest';
import { logFieldsOf } from '#shared/domain/links/log-fields.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

describe('logFieldsOf()', () => {
  it.each(['REST', 'HTTP', 'WEBSOCKET'] as const)(
    'logFieldsOf() finds status, stage and route in the recommended format of %s, known or not',
    (apiType) => {
      const told = { status: 'status', apiId: 'apiId', stage: 'stage', integrationError: 'integrationError' };

      expect(logFieldsOf({ apiType, format: RECOMMENDED_FORMATS[apiType] })).toMatchObject(told);
      expect(logFieldsOf({ apiType })).toMatchObject(told);
      expect(logFieldsOf({ apiType, format: null })?.route).toBe(
        apiType === 'REST' ? 'resourcePath' : 'routeKey',
      );
    },
  );

  it('logFieldsOf() reads names of one’s own, nested and without quotes around numbers', () => {
    const format =
      '{"http": {"status-code": $context.status, "route":"$context.routeKey"}, "took ms":$context.responseLatency,"who":"$context.apiId on $context.stage"}';

    expect(logFieldsOf({ apiType: 'HTTP', format })).toEqual({
      status: '`http.status-code`',
      route: 'http.route',
      latency: '`took ms`',
    });
  });

  it.each([
    ['CLF', '$context.identity.sourceIp - - [$context.requestTime] $context.status'],
    ['a text', '"$context.status"'],
    ['XML', '<status>$context.status</status>'],
  ])('logFieldsOf() finds nothing to ask for in %s', (_, format) => {
    expect(logFieldsOf({ apiType: 'REST', format })).toBeNull();
  });

  it('logFieldsOf() leaves out a name that would end its own quotes', () => {
    expect(logFieldsOf({ apiType: 'REST', format: '{"a`|delete":"$context.status"}' })).toEqual({});
  });
});
