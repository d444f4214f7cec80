import type { Evidence, Link, Scope } from '#shared/domain/detection/finding.ts';
import type { Measures, Occurrence } from '#shared/domain/detection/occurrence.ts';
import { formatCount, formatRatio } from '#shared/domain/findings/format.ts';
import { type InventoryItem, stageName } from '#shared/domain/inventory/stage.ts';
import { consolePage } from '#shared/domain/links/console-page.ts';

/** The words and the main number of a finding. */
export type Description = {
  readonly title: string;
  readonly value: number;
  readonly expected: number | null;
  readonly unit: string;
  readonly evidence: readonly Evidence[];
  readonly links: readonly Link[];
  readonly nextStep: string;
};

/** Puts an occurrence of one kind into words. */
export type Describe = (occurrence: Occurrence, inventory: readonly InventoryItem[]) => Description;

/** A measure that the judgement of this kind always has; 0 keeps a stored occurrence of an older version readable. */
export function measure(measures: Measures, name: string): number {
  const value = measures[name] ?? 0;
  return Number.isFinite(value) ? value : 0;
}

/** The name of a stage, or of the account. */
export function scopeName(scope: Scope, inventory: readonly InventoryItem[]): string {
  const { apiId, stage } = scope;
  return apiId === undefined || stage === undefined ? 'the account' : stageName({ apiId, stage }, inventory);
}

/** What the inventory knows of the stage of a finding; `undefined` of the account and of a stage that it does not list. */
export function itemOf(
  { apiId, stage }: Scope,
  inventory: readonly InventoryItem[],
): InventoryItem | undefined {
  return inventory.find((known) => known.apiId === apiId && known.stage === stage);
}

/** What is over has no "now"; its worst is what is left to say. */
export function whenLabel({ status }: Occurrence): string {
  return status === 'open' ? 'Now' : 'At worst';
}

/** API Gateway may drop the logs of excessive 429s, so every count of refusals is a lower bound. */
export function costEvidence({ scope, sums }: Occurrence): Evidence[] {
  const refused = measure(sums, 'refused');
  if (refused === 0) return [];
  const ratio = refused / Math.max(1, measure(sums, 'requests'));
  return [
    {
      label: 'Cost so far',
      value: `≥ ${formatCount(refused)} requests refused, ${formatRatio(ratio)} of ${scope.stage === undefined ? 'all' : 'the stage’s'}`,
    },
  ];
}

/** The Service Quotas page of the account throttle's rate, `L-8A5B8E43`; none where the console is not public. */
export function quotaLinks({ region }: Scope): Link[] {
  const url = consolePage(region, { path: 'servicequotas/home/services/apigateway/quotas/L-8A5B8E43' });
  return url === null ? [] : [{ label: 'Raise quota', url }];
}
