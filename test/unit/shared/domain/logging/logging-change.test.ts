import { describe, expect, it } from 'vitest';
import { createLoggingChange, makesGroup, suggestLogGroup } from '#shared/domain/logging/logging-change.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

const REST = { apiId: 'a1b2c3', apiName: 'orders-api', apiType: 'REST', stage: 'prod' } as const;

describe('suggestLogGroup()', () => {
  it.each([
    ['orders-api', '/aws/api-gateway/orders-api-a1b2c3/prod'],
    ['Orders API (v2)', '/aws/api-gateway/Orders-API-v2-a1b2c3/prod'],
    ['../../etc', '/aws/api-gateway/etc-a1b2c3/prod'],
    ['注文', '/aws/api-gateway/a1b2c3/prod'],
    ["'; rm -rf ~\n", '/aws/api-gateway/rm--rf-a1b2c3/prod'],
    ['x'.repeat(1_000), `/aws/api-gateway/${'x'.repeat(100)}-a1b2c3/prod`],
  ])('suggestLogGroup() takes from the name %j what the service takes', (apiName, expected) => {
    const group = suggestLogGroup({ ...REST, apiName });

    expect(group).toBe(expected);
    expect(group).toMatch(/^[A-Za-z0-9_/.-]{1,512}$/);
  });

  it('suggestLogGroup() puts logs of HTTP APIs where the policy of log delivery has room', () => {
    expect(suggestLogGroup({ ...REST, apiType: 'HTTP', stage: '$default' })).toBe(
      '/aws/vendedlogs/api-gateway/orders-api-a1b2c3/default',
    );
  });
});

describe('createLoggingChange()', () => {
  it.each([
    ['starts a log in a group of its own', null, true, 'start', '/aws/api-gateway/orders-api-a1b2c3/prod'],
    ['keeps a group that takes filters', '/logs/shared', true, 'reformat', '/logs/shared'],
    [
      'moves from a group that takes none',
      '/logs/rare',
      false,
      'move',
      '/aws/api-gateway/orders-api-a1b2c3/prod',
    ],
    [
      'moves even from the group that it would suggest',
      '/aws/api-gateway/orders-api-a1b2c3/prod',
      false,
      'move',
      '/aws/api-gateway/orders-api-a1b2c3/prod/standard',
    ],
  ] as const)('createLoggingChange() %s', (_, current, isUsable, kind, logGroup) => {
    const change = createLoggingChange(REST, current, isUsable);

    expect(change).toEqual({ ...REST, kind, logGroup, format: RECOMMENDED_FORMATS.REST });
    expect(makesGroup(change)).toBe(kind !== 'reformat');
  });
});
