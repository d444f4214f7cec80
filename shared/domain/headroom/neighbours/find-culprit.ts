import type { StageId } from '#shared/domain/inventory/stage.ts';

/** What one stage does now and what it usually does. */
export type StageDemand = {
  readonly id: StageId;
  readonly nowRps: number;
  /** Median of the stage's own recent minutes. */
  readonly usualRps: number;
};

/** A stage whose own growth explains most of the account's growth. */
export type Culprit = StageDemand & {
  /** Its part of the growth of all growing stages, 0..1. */
  readonly growthShare: number;
};

/** Most of the growth: below this, several stages share the blame and none is named. */
const MIN_GROWTH_SHARE = 0.5;
/** A stage that is half as busy again as usual stands out from its ordinary ups and downs. */
const MIN_GROWTH_FACTOR = 1.5;
/** Growth below a tenth of the quota cannot have filled it. */
const MIN_GROWTH_OF_QUOTA = 0.1;

/**
 * Names the stage that grew against its own baseline, which need not be the biggest one.
 *
 * @param stages - All stages with traffic in the minute
 * @param quotaRps - The account's rate quota, above 0
 * @returns The culprit, or `null` when the growth is nobody's in particular
 */
export function findCulprit(stages: readonly StageDemand[], quotaRps: number): Culprit | null {
  let totalGrowthRps = 0;
  let worst: StageDemand | null = null;
  for (const stage of stages) {
    const growthRps = stage.nowRps - stage.usualRps;
    if (growthRps <= 0) continue;
    totalGrowthRps += growthRps;
    if (worst === null || growthRps > worst.nowRps - worst.usualRps) worst = stage;
  }
  if (worst === null) return null;
  const growthRps = worst.nowRps - worst.usualRps;
  const growthShare = growthRps / totalGrowthRps;
  const standsOut =
    growthShare >= MIN_GROWTH_SHARE &&
    worst.nowRps >= MIN_GROWTH_FACTOR * worst.usualRps &&
    growthRps >= MIN_GROWTH_OF_QUOTA * quotaRps;
  return standsOut ? { ...worst, growthShare } : null;
}
