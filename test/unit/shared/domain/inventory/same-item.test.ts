import { describe, expect, it } from 'vitest';
import { isSameItem } from '#shared/domain/inventory/same-item.ts';
import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';

const ITEM: InventoryItem = {
  ...unlistedStage({ apiId: 'a1', stage: 'prod' }),
  limits: { rateRps: 100, burst: 50 },
  tags: { team: 'orders', tier: '1' },
};

describe('isSameItem()', () => {
  it('takes no notice of the order of fields, at any depth', () => {
    const reversed = Object.fromEntries(Object.entries(ITEM).reverse()) as InventoryItem;

    expect(isSameItem(ITEM, { ...reversed, tags: { tier: '1', team: 'orders' } })).toBe(true);
  });

  it.each([
    { apiName: 'other' },
    { limits: { rateRps: 100, burst: 51 } },
    { limits: null },
    { tags: { team: 'orders' } },
    { tags: {} },
    { tracing: false },
  ])('tells items apart by %j', (difference) => {
    expect(isSameItem(ITEM, { ...ITEM, ...difference })).toBe(false);
  });
});
