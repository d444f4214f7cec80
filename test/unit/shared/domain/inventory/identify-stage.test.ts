import { describe, expect, it } from 'vitest';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { UNKNOWN_STAGE, unlistedStage } from '#shared/domain/inventory/stage.ts';

const GROUP = '/aws/api-gateway/orders-api';

function item(apiId: string, stage: string, logGroup: string | null) {
  return { ...unlistedStage({ apiId, stage }), logGroup };
}

const ALONE = [item('a1', 'prod', GROUP), item('b2', 'prod', '/other'), item('c3', 'prod', null)];
const SHARED = [item('a1', 'prod', GROUP), item('a1', 'dev', GROUP), item('b2', 'prod', GROUP)];

describe('createIdentifyStage()', () => {
  it.each([
    ['its own fields', ALONE, { apiId: 'x9', stage: 'v1' }, { apiId: 'x9', stage: 'v1' }],
    ['its group', ALONE, { apiId: null, stage: null }, { apiId: 'a1', stage: 'prod' }],
    ['its API and group', ALONE, { apiId: 'a1', stage: null }, { apiId: 'a1', stage: 'prod' }],
    ['its stage and group', ALONE, { apiId: null, stage: 'prod' }, { apiId: 'a1', stage: 'prod' }],
    ['its API among several', SHARED, { apiId: 'b2', stage: null }, { apiId: 'b2', stage: 'prod' }],
    ['its stage among several', SHARED, { apiId: null, stage: 'dev' }, { apiId: 'a1', stage: 'dev' }],
  ])('createIdentifyStage() tells a line by %s', (_, inventory, identity, expected) => {
    expect(createIdentifyStage(GROUP, inventory)(identity)).toEqual(expected);
  });

  it('createIdentifyStage() takes the lines of a canary for those of its stage', () => {
    const identify = createIdentifyStage(`${GROUP}/Canary`, ALONE);

    expect(identify({ apiId: null, stage: null })).toEqual({ apiId: 'a1', stage: 'prod' });
  });

  it.each([
    ['in a group that nobody writes to', [], { apiId: null, stage: null }],
    ['in a group of several stages', SHARED, { apiId: null, stage: null }],
    ['of an API with several stages', SHARED, { apiId: 'a1', stage: null }],
    ['of a stage that several APIs have', SHARED, { apiId: null, stage: 'prod' }],
    ['of another API than the one that writes', ALONE, { apiId: 'b2', stage: null }],
    ['of another stage than the one that writes', ALONE, { apiId: null, stage: 'dev' }],
  ])('createIdentifyStage() returns the unknown stage for a line %s', (_, inventory, identity) => {
    expect(createIdentifyStage(GROUP, inventory)(identity)).toBe(UNKNOWN_STAGE);
  });
});
