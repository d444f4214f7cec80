import type { StageMinuteDemand } from '#shared/domain/headroom/headroom-minute.ts';
import type { SurveyedStage } from '#shared/domain/headroom/headroom-survey.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** A stage in the newest minute, and how many other stages its count holds. */
export type CountedStage = StageMinuteDemand & { readonly othersCounted: number };

/**
 * Says of each busy stage what it takes, and what it takes usually, the busiest first.
 *
 * @param hasThrottled - False where 429s are not counted
 */
export function rankStages(
  stages: readonly CountedStage[],
  inventory: readonly InventoryItem[],
  hasThrottled: boolean,
): SurveyedStage[] {
  const items = new Map(inventory.map((item) => [stageKey(item), item]));
  const busy = stages.map((stage) => ({ ...stage, usualRps: stage.usualRps }));
  const totalRps = busy.reduce((sum, { nowRps }) => sum + nowRps, 0);
  const totalUsualRps = busy.reduce((sum, { usualRps }) => sum + usualRps, 0);
  return busy
    .filter(({ nowRps }) => nowRps > 0)
    .sort((a, b) => b.nowRps - a.nowRps)
    .map(({ id, nowRps, usualRps, throttled, othersCounted }) => {
      const item = items.get(stageKey(id));
      return {
        ...id,
        apiName: item?.apiName ?? id.apiId,
        nowRps,
        usualRps,
        share: nowRps / totalRps,
        usualShare: totalUsualRps > 0 ? usualRps / totalUsualRps : null,
        ...(item?.limits !== undefined && { limits: item.limits }),
        throttled: hasThrottled ? throttled : null,
        othersCounted,
      };
    });
}
