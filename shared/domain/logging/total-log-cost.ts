import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import type { LogCost } from '#shared/domain/logging/estimate-log-cost.ts';
import { requestMetrics } from '#shared/domain/logging/request-metrics.ts';

type StageCost = {
  readonly stage: Pick<InventoryItem, 'apiId' | 'apiName' | 'apiType' | 'stage'>;
  /** `null` for no log. */
  readonly cost: LogCost | null;
};

/**
 * Adds up what the logs of stages cost in USD a month. The cost of each stage of REST APIs with one name is that of all
 * their requests, since nobody knows whose they are: of such stages the dearest stands for all.
 */
export function totalUsdPerMonth(costs: readonly StageCost[]): number {
  const dearest = new Map<string, number>();
  for (const { stage, cost } of costs) {
    const key = JSON.stringify(requestMetrics(stage));
    dearest.set(key, Math.max(dearest.get(key) ?? 0, cost?.usdPerMonth ?? 0));
  }
  return [...dearest.values()].reduce((sum, usd) => sum + usd, 0);
}
