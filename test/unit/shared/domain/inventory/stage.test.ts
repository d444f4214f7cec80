import { describe, expect, it } from 'vitest';
import {
  DEFAULT_INTEGRATION_TIMEOUT_MS,
  stageKey,
  stageName,
  UNKNOWN_STAGE,
  unlistedStage,
} from '#shared/domain/inventory/stage.ts';

const ID = { apiId: 'a1b2c3', stage: '$default' };

describe('stageKey()', () => {
  it('stageKey() joins API and stage', () => {
    expect(stageKey(ID)).toBe('a1b2c3/$default');
  });
});

describe('stageName()', () => {
  it('stageName() gives the name of the API that has id and stage', () => {
    const inventory = [
      { ...unlistedStage({ apiId: 'a1b2c3', stage: 'dev' }), apiName: 'other-stage' },
      { ...unlistedStage({ apiId: 'zzz', stage: '$default' }), apiName: 'other-api' },
      { ...unlistedStage(ID), apiName: 'orders-api' },
    ];

    expect(stageName(ID, inventory)).toBe('orders-api/$default');
  });

  it('stageName() gives the ids of a stage that is not in the inventory', () => {
    expect(stageName(ID, [])).toBe('a1b2c3/$default');
    expect(stageName(UNKNOWN_STAGE, [])).toBe('unknown/unknown');
  });
});

describe('unlistedStage()', () => {
  it('unlistedStage() claims nothing that nobody looked up', () => {
    const item = unlistedStage(ID);

    expect(item).toMatchObject({ ...ID, apiName: 'a1b2c3', logGroup: null, schemaVersion: 1 });
    expect(DEFAULT_INTEGRATION_TIMEOUT_MS).toBe(29_000);
    expect(item.integrationTimeoutMs).toBe(DEFAULT_INTEGRATION_TIMEOUT_MS);
    expect('limits' in item).toBe(false);
  });
});
