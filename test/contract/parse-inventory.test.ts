import { describe, expect, it } from 'vitest';
import { InventoryError, parseInventory } from '#shared/config/inventory.ts';

/** Only what an item must have. */
const ITEM = { apiId: 'a1b2c3', apiName: 'orders-api', apiType: 'REST', stage: 'prod' };

describe('parseInventory', () => {
  it('parseInventory() returns a minimal item with its defaults', () => {
    expect(parseInventory([ITEM])).toStrictEqual([
      { ...ITEM, logGroup: null, integrationTimeoutMs: 29_000, schemaVersion: 1 },
    ]);
  });

  it('parseInventory() tells a stage without a limit from one that nobody has looked at', () => {
    const [looked, unknown] = parseInventory([{ ...ITEM, limits: null }, ITEM]);

    expect(looked).toHaveProperty('limits', null);
    expect(unknown).not.toHaveProperty('limits');
  });

  it('parseInventory() returns items in their order', () => {
    const items = parseInventory([ITEM, { ...ITEM, stage: 'dev' }, { ...ITEM, stage: 'test' }]);

    expect(items.map(({ stage }) => stage)).toEqual(['prod', 'dev', 'test']);
  });

  it.each([
    ['an object', { items: [ITEM] }],
    ['null', null],
    ['text', '[]'],
  ])('parseInventory() throws for %s', (_, value) => {
    expect(() => parseInventory(value)).toThrow(new InventoryError('an inventory is a JSON array of stages'));
  });

  it.each([
    ['without an apiId', { ...ITEM, apiId: undefined }, 'apiId'],
    ['with an empty apiId', { ...ITEM, apiId: '' }, 'apiId'],
    ['with an empty apiName', { ...ITEM, apiName: '' }, 'apiName'],
    ['with an apiType that does not exist', { ...ITEM, apiType: 'rest' }, 'apiType'],
    ['with a stage that is a number', { ...ITEM, stage: 1 }, 'stage'],
    ['with a log group that is a number', { ...ITEM, logGroup: 1 }, 'logGroup'],
    ['with a negative rate', { ...ITEM, limits: { rateRps: -1, burst: 1 } }, 'limits.rateRps'],
    ['with a limit that lacks its burst', { ...ITEM, limits: { rateRps: 1 } }, 'limits.burst'],
    ['with a timeout of zero', { ...ITEM, integrationTimeoutMs: 0 }, 'integrationTimeoutMs'],
    ['of a later schema', { ...ITEM, schemaVersion: 2 }, 'schemaVersion'],
    ['that is null', null, 'value'],
  ])(
    'parseInventory() throws an InventoryError that names item and field for an item %s',
    (_, item, field) => {
      const parse = (): unknown => parseInventory([ITEM, item]);

      expect(parse).toThrow(InventoryError);
      expect(parse).toThrow(`item 2: ${field}: `);
    },
  );
});
