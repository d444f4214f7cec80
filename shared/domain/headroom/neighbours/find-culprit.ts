import type { StageId } from '#shared/domain/inventory/stage.ts';

/** What one stage does now and what it usually does. */
export type StageDemand = {
  readonly id: StageId;
  readonly nowRps: number;
  /** Median of the stage's own recent minutes; `null` where too few of them are known. */
  readonly usualRps: number | null;
};

/** A stage whose own growth explains most of the account's growth. */
export type Culprit = StageDemand & {
  readonly usualRps: number;
  /** Its part of the growth of all growing stages, 0..1. */
  readonly growthShare: number;
};

/** Most of the growth: below this, several stages share the blame and none is named. */
const MIN_GROWTH_SHARE = 0.5;
/** A stage that is half as busy again as usual stands out from its ordinary ups and downs. */
const MIN_GROWTH_FACTOR = 1.5;
/** Growth below a tenth of what the account is asked for, or of a quota that is exceeded, has not made it short. */
const MIN_GROWTH_OF_ACCOUNT = 0.1;

/** The stages that ask for more than usual. Of a stage whose usual rate is unknown, nobody knows whether it does. */
function grownStages(stages: readonly StageDemand[]): (Culprit & { readonly growthRps: number })[] {
  const grown = stages.flatMap((stage) => {
    const growthRps = stage.usualRps === null ? 0 : stage.nowRps - stage.usualRps;
    return stage.usualRps !== null && growthRps > 0
      ? [{ ...stage, usualRps: stage.usualRps, growthRps }]
      : [];
  });
  const totalRps = grown.reduce((sum, { growthRps }) => sum + growthRps, 0);
  return grown.map((stage) => ({ ...stage, growthShare: stage.growthRps / totalRps }));
}

/**
 * Names the stage that grew against its own baseline, which need not be the biggest one.
 *
 * @param stages - All stages with traffic in the minute
 * @param accountRps - What the account is asked for in the minute, at most its rate quota: in a minute with a burst, that is
 * much less
 * @returns The culprit, or `null` when the growth is nobody's in particular
 */
export function findCulprit(stages: readonly StageDemand[], accountRps: number): Culprit | null {
  const [first, ...others] = grownStages(stages);
  if (first === undefined) return null;
  const { growthRps, ...worst } = others.reduce(
    (most, stage) => (stage.growthRps > most.growthRps ? stage : most),
    first,
  );
  const standsOut =
    worst.growthShare >= MIN_GROWTH_SHARE &&
    worst.nowRps >= MIN_GROWTH_FACTOR * worst.usualRps &&
    growthRps >= MIN_GROWTH_OF_ACCOUNT * accountRps;
  return standsOut ? worst : null;
}
