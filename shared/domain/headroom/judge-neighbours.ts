import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import { type Culprit, findCulprit } from '#shared/domain/headroom/find-culprit.ts';
import type { HeadroomMinute, StageMinuteDemand } from '#shared/domain/headroom/headroom-minute.ts';
import { isExhausted, isNearQuota } from '#shared/domain/headroom/quota-use.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';

function judgeCulprit(culprit: Culprit, stage: StageMinuteDemand): Judgement {
  const { nowRps, usualRps, growthShare } = culprit;
  return {
    kind: 'noisy-neighbour',
    scope: stage.scope,
    verdict: 'breach',
    severity: 'warning',
    latest: { nowRps, usualRps, growthShare },
    sums: { requests: stage.requests },
    peaks: { nowRps },
  };
}

/** A stage that is no culprit in this minute; it ends an earlier accusation. */
function judgeInnocent({ scope, nowRps, requests }: StageMinuteDemand): Judgement {
  return {
    kind: 'noisy-neighbour',
    scope,
    verdict: 'clean',
    severity: 'warning',
    latest: { nowRps },
    sums: { requests },
    peaks: { nowRps },
  };
}

/** One judgement a stage: guilty, or not. */
export function judgeNeighbours({ stages }: HeadroomMinute, culprit: Culprit | null): Judgement[] {
  return stages.map((stage) =>
    culprit !== null && stageKey(stage.id) === stageKey(culprit.id)
      ? judgeCulprit(culprit, stage)
      : judgeInnocent(stage),
  );
}

/** An API that is alone in its account takes nothing from anybody. */
function hasNeighbours({ stages }: HeadroomMinute): boolean {
  return stages.filter(({ nowRps }) => nowRps > 0).length > 1;
}

/** Who takes the quota of the others, in a minute in which it is short; `null` for nobody in particular. */
export function findCulpritOf(minute: HeadroomMinute): Culprit | null {
  const isInTrouble = isExhausted(minute) || isNearQuota(minute);
  return isInTrouble && hasNeighbours(minute) ? findCulprit(minute.stages, minute.quota.rateRps) : null;
}
