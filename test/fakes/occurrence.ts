import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';

/** The scope of an account. */
export const ACCOUNT = { accountId: '123456789012', region: 'eu-west-1' };

/** Three stages: one without a limit, one with, one where nobody has looked. */
export const INVENTORY: readonly InventoryItem[] = [
  { ...unlistedStage({ apiId: 'a1', stage: 'prod' }), apiName: 'orders-api', limits: null },
  {
    ...unlistedStage({ apiId: 'b2', stage: 'v1' }),
    apiName: 'users-api',
    limits: { rateRps: 2_000, burst: 500 },
  },
  { ...unlistedStage({ apiId: 'c3', stage: '$default' }), apiName: 'search-api' },
];

/** An open occurrence of the stage `orders-api/prod` without any numbers, with the given differences. */
export function createOccurrence(kind: JudgedKind, differences: Partial<Occurrence> = {}): Occurrence {
  return {
    kind,
    scope: { ...ACCOUNT, apiId: 'a1', stage: 'prod' },
    severity: 'critical',
    status: 'open',
    startedAtMs: 0,
    observedAtMs: 60_000,
    lastBadAtMs: 60_000,
    cleanMinutes: 0,
    latest: {},
    sums: {},
    peaks: {},
    cause: null,
    ...differences,
  };
}
