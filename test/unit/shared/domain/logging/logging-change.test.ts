import { describe, expect, it } from 'vitest';
import {
  createLoggingChange,
  makesGroup,
  needsOverrides,
  suggestLogGroup,
} from '#shared/domain/logging/logging-change.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

const REST = { apiId: 'a1b2c3', apiName: 'orders-api', apiType: 'REST', stage: 'prod' } as const;

const STAGE = { ...REST, apiGatewayManaged: false };

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
      '/aws/vendedlogs/api-gateway/orders-api-a1b2c3/_default',
    );
  });

  it('suggestLogGroup() names groups of their own for $default and default of one API', () => {
    const stages = ['$default', 'default'].map((stage) => ({ ...REST, apiType: 'HTTP', stage }) as const);

    expect(new Set(stages.map(suggestLogGroup)).size).toBe(2);
  });
});

describe('createLoggingChange()', () => {
  const suggested = '/aws/api-gateway/orders-api-a1b2c3/prod';

  it('createLoggingChange() starts a log in a group of its own', () => {
    const change = createLoggingChange(STAGE, null);

    expect(change).toEqual({
      ...STAGE,
      kind: 'start',
      logGroup: suggested,
      format: RECOMMENDED_FORMATS.REST,
      updatesStage: true,
    });
    expect(makesGroup(change)).toBe(true);
  });

  it.each([
    ['keeps a group that takes filters', '/logs/shared', 'readable', 'reformat', '/logs/shared'],
    ['moves from a group that takes none', '/logs/rare', 'closed', 'move', suggested],
    ['moves even from the group that it would suggest', suggested, 'closed', 'move', `${suggested}/standard`],
    ['restores a group that is gone', '/logs/gone', 'missing', 'restore', '/logs/gone'],
  ] as const)('createLoggingChange() %s', (_, current, state, kind, logGroup) => {
    const change = createLoggingChange(STAGE, { logGroup: current, state, completeFormat: null });

    expect(change).toEqual({
      ...STAGE,
      kind,
      logGroup,
      format: RECOMMENDED_FORMATS.REST,
      updatesStage: true,
    });
    expect(makesGroup(change)).toBe(kind !== 'reformat');
  });

  it('createLoggingChange() leaves a stage alone that only lacks its group', () => {
    const current = { logGroup: '/logs/gone', state: 'missing', completeFormat: '{"mine":1}' } as const;

    expect(createLoggingChange(STAGE, current)).toMatchObject({
      kind: 'restore',
      format: '{"mine":1}',
      updatesStage: false,
    });
  });

  it('needsOverrides() asks for CloudFormation where quick create made the stage that changes', () => {
    const managed = { ...STAGE, apiGatewayManaged: true };
    const gone = { logGroup: '/logs/gone', state: 'missing', completeFormat: '{}' } as const;

    expect(needsOverrides(createLoggingChange(managed, null))).toBe(true);
    expect(needsOverrides(createLoggingChange(managed, gone))).toBe(false);
    expect(needsOverrides(createLoggingChange(STAGE, null))).toBe(false);
  });
});
