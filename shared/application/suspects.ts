import type { Account } from '#shared/application/ports.ts';
import type { Scope } from '#shared/domain/detection/finding.ts';
import type { JudgedMinute, Occurrence } from '#shared/domain/detection/occurrence.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** What is said of a stage is said of this. */
export function stageScope(account: Account, { apiId, apiName, stage }: InventoryItem): Scope {
  return { ...account, apiId, apiName, stage };
}

/** True if any of the judgements opens or prolongs an occurrence. */
export function hasBreach(minutes: readonly JudgedMinute[]): boolean {
  return minutes.some(({ judgements }) => judgements.some(({ verdict }) => verdict === 'breach'));
}

/** The keys of the stages with an open occurrence: it takes judgements to prolong or to end it. */
export function openStages(base: readonly Occurrence[]): ReadonlySet<string> {
  return new Set(base.map(({ scope: { apiId = '', stage = '' } }) => stageKey({ apiId, stage })));
}
