import type { StageMinuteDemand } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { groupByMetrics } from '#shared/domain/headroom/sources/source-minutes.ts';
import type { SurveyedStage } from '#shared/domain/headroom/survey/headroom-survey.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

/** A stage in the newest minute, and how many other stages its count holds. */
export type CountedStage = StageMinuteDemand & { readonly othersCounted: number };

/** Says how many other stages are in the count of each: CloudWatch counts stages of REST APIs with one name together. */
export function countOthers(
  stages: readonly StageMinuteDemand[],
  inventory: readonly InventoryItem[],
): CountedStage[] {
  const groups = groupByMetrics(inventory).map((group) => group.stages);
  const sizes = new Map(groups.flatMap((group) => group.map((item) => [stageKey(item), group.length])));
  return stages.map((stage) => ({
    ...stage,
    usualRps: stage.usualRps,
    othersCounted: stage.isUnlogged ? (sizes.get(stageKey(stage.id)) ?? 1) - 1 : 0,
  }));
}

/** Says of each busy stage what it takes, and what it takes usually, the busiest first. */
export function rankStages(
  stages: readonly CountedStage[],
  inventory: readonly InventoryItem[],
): SurveyedStage[] {
  const items = new Map(inventory.map((item) => [stageKey(item), item]));
  const totalRps = stages.reduce((sum, { nowRps }) => sum + nowRps, 0);
  const totalUsualRps = stages.reduce((sum, { usualRps }) => sum + (usualRps ?? 0), 0);
  return stages
    .filter(({ nowRps }) => nowRps > 0)
    .sort((a, b) => b.nowRps - a.nowRps)
    .map(({ id: { apiId, stage }, nowRps, usualRps, throttled, isUnlogged, othersCounted }) => {
      const item = items.get(stageKey({ apiId, stage }));
      return {
        apiId,
        stage,
        apiName: item?.apiName ?? apiId,
        nowRps,
        usualRps,
        share: nowRps / totalRps,
        usualShare: usualRps !== null && totalUsualRps > 0 ? usualRps / totalUsualRps : null,
        ...(item?.limits !== undefined && { limits: item.limits }),
        throttled: isUnlogged ? null : throttled,
        othersCounted,
      };
    });
}
